/* What can be told of a file before anything of it is sent: its type by its name, and its size. The server decides; it
   writes the limits and its own sentences into the element that takes files ({% file_limits %}).

     limitsOf(element) → limits · refusalOf(file, limits) → {code, words} or null
     endingOf("Rota.XLSX") → "xlsx" · megabytes(bytes) → "14.6", never rounded down to what would be allowed
*/

import {word} from "./words.js";

const BYTES_PER_MB = 1024 * 1024;

export function limitsOf({dataset}) {
  return {
    bytes: Number(dataset.maxBytes),
    endings: new Set(dataset.endings.split(" ")),
    words: JSON.parse(dataset.refusals),
  };
}

/** In the order in which the server looks (tickets/attachments/actions.py). */
export function refusalOf(file, {bytes, endings, words}) {
  const ending = endingOf(file.name);
  if (file.isFolder) return {code: "folder", words: word("upload_folder")};
  if (ending === "msi" && words.msi) return {code: "msi", words: words.msi};
  if (!endings.has(ending)) return {code: "type", words: words.type};
  if (file.size > bytes) return {code: "too_large", words: words.too_large.replace("{size}", megabytes(file.size))};
  if (file.size === 0) return {code: "empty", words: words.empty};
  return null;
}

export function endingOf(name) {
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(dot + 1).toLowerCase();
}

export function megabytes(bytes) {
  const tenths = Math.ceil((bytes * 10) / BYTES_PER_MB);
  return inTenths(tenths >= 1000 ? Math.floor(tenths / 10) * 10 : tenths);
}

/** A number of tenths as people of this language write it: 146 → "14.6" or "14,6". */
export const inTenths = (tenths) =>
  (tenths / 10).toLocaleString(document.documentElement.lang, {maximumFractionDigits: 1, useGrouping: false});
