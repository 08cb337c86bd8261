/* How files are taken: an element [data-files="chat-7"] says whose they are, data-to where they go, and what is allowed
   ({% file_limits %}). They come by its button [data-attach] with its <input type="file">, dropped anywhere in the
   [data-drops] around it, or pasted there. A file that is dropped elsewhere is not opened by the browser.

     files.on("homeless", () => …)   pasted where it could be meant for several
*/

import {whenHere} from "./arrivals.js";
import {bus} from "./bus.js";
import {limitsOf} from "./file_limits.js";
import {uploads} from "./uploads.js";

// With a value it says something else (agent_fields.js).
const ZONE = '[data-drops=""]';
const TAKER = "[data-files]";
// What browsers call a picture that was never a file.
const UNNAMED_PICTURE = /^image\.(png|jpe?g|gif|webp)$/;

const line = bus();
export const files = {on: line.on};

// Whose place was clicked or written in last.
let lastUsed = "";
let isFromHere = false;
let marked = null;

export function startFiles() {
  whenHere(TAKER, startChooser);
  for (const type of ["focusin", "pointerdown"]) document.addEventListener(type, use, {capture: true});
  document.addEventListener("paste", paste);
  document.addEventListener("dragstart", () => {
    // A picture of this page, dragged elsewhere.
    isFromHere = true;
  });
  document.addEventListener("dragend", () => {
    isFromHere = false;
  });
  document.addEventListener("dragenter", over);
  document.addEventListener("dragover", over);
  document.addEventListener("dragleave", ({relatedTarget}) => relatedTarget === null && mark(null));
  document.addEventListener("drop", drop);
  // None of these comes during a drag: it ended where nobody told, or what was dragged is gone from the page.
  document.addEventListener("pointermove", () => {
    isFromHere = false;
    mark(null);
  });
}

function startChooser(taker) {
  const input = taker.querySelector("input[type=file]");
  taker.querySelector("[data-attach]").addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    take(taker, [...input.files]);
    // The same file can be chosen again.
    input.value = "";
  });
}

function take(taker, files) {
  if (files.length) uploads.add(files, {to: taker.dataset.to, place: taker.dataset.files, limits: limitsOf(taker)});
}

const takerAt = (target) => target.closest?.(ZONE)?.querySelector(TAKER) ?? null;
const bringsFiles = ({dataTransfer}) => !isFromHere && Boolean(dataTransfer?.types.includes("Files"));

function over(event) {
  if (!bringsFiles(event)) return;
  const taker = takerAt(event.target);
  event.preventDefault();
  event.dataTransfer.dropEffect = taker ? "copy" : "none";
  mark(taker);
}

function drop(event) {
  if (!bringsFiles(event)) return;
  event.preventDefault();
  mark(null);
  const taker = takerAt(event.target);
  if (taker) take(taker, dropped(event.dataTransfer));
}

function mark(taker) {
  if (taker === marked) return;
  marked?.classList.remove("is-over");
  taker?.classList.add("is-over");
  marked = taker;
}

/** A folder comes as a file that cannot be read; it is known only while the drop lasts. */
function dropped({items, files}) {
  const folders = [...items].filter(({kind}) => kind === "file").map((item) => item.webkitGetAsEntry?.()?.isDirectory);
  return [...files].map((file, at) => (folders[at] ? Object.assign(file, {isFolder: true}) : file));
}

function paste(event) {
  const {clipboardData} = event;
  const pasted = [...(clipboardData?.files ?? [])];
  if (!pasted.length || hasWords(clipboardData)) return;
  const all = [...document.querySelectorAll(TAKER)];
  const taker = takerAt(event.target) ?? (isFocusNowhere() ? likelyOf(all) : null);
  if (taker) {
    event.preventDefault();
    take(taker, pasted.map(named));
  } else if (isFocusNowhere() && all.length) {
    line.emit("homeless");
  }
}

function use({target}) {
  lastUsed = takerAt(target)?.dataset.files ?? lastUsed;
}

const isFocusNowhere = () => document.activeElement === document.body || document.activeElement?.id === "main";
const likelyOf = (all) => (all.length === 1 ? all[0] : all.find(({dataset}) => dataset.files === lastUsed));

/** Word and Excel put a picture of the words beside them; the words are meant. */
const hasWords = (clipboard) => clipboard.types.includes("text/html") && clipboard.getData("text/plain").trim() !== "";

function named(file, at) {
  const [, ending] = UNNAMED_PICTURE.exec(file.name) ?? [];
  if (!ending) return file;
  const now = new Date();
  const parts = [now.getMonth() + 1, now.getDate(), now.getHours(), now.getMinutes(), now.getSeconds()];
  const moment = [now.getFullYear(), ...parts.map((part) => String(part).padStart(2, "0"))].join("-");
  return new File([file], `screenshot-${moment}${at ? `-${at + 1}` : ""}.${ending}`, {type: file.type});
}
