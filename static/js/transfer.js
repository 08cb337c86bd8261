/* One try to send one file: what is said of it first, then its bytes as the body of a PUT (chat/file_views.py). The same
   key again is safe at every step: the server answers what it knows of it. Used by uploads.js alone.

     transfer({key, name, size, file, to}, {signal, told}) → {kind: "done", answer}
                                                             {kind: "refused", code, words, again}
                                                             {kind: "cut", words}   another try by itself can help
   told({put}) where it goes and can be taken back (DELETE), told({sent}) so many bytes, told({isChecked: true}).
*/

import {csrfToken, postJson, remove} from "./http.js";
import {word} from "./words.js";

const STALLED_AFTER_MS = 30_000;
// All of it is there, and the server looks into it.
const CHECKED_WITHIN_MS = 120_000;
const SIGNED_OUT = new Set([401, 403, 405]);
// What a server says in words of its own, below the application.
const PLAIN = {404: "upload_nowhere", 408: "upload_too_slow", 413: "upload_too_large", 507: "upload_no_room"};
const MAY_PASS = new Set([408, 507]);
// The server has not got it as it was meant, and another try by itself mends that.
const CUT = new Set(["cut", "busy"]);
const UNREACHED = {kind: "cut", words: ""};

export async function transfer(upload, {signal, told}) {
  const {key, name, size, to} = upload;
  let announced;
  try {
    announced = await postJson(to, {key, name, size});
  } catch {
    return UNREACHED;
  }
  const {put, grant} = announced.body ?? {};
  if (!put) return outcome(announced);
  if (signal.aborted) return takeBack(put, signal);
  told({put});
  const sent = await send(upload, {put, grant, signal, told});
  return sent.kind === "cut" && !(await isReadable(upload.file)) ? unreadable() : sent;
}

/** It was cancelled before the server said where it goes. */
function takeBack(put, {reason}) {
  if (reason === "cancelled") remove(put).catch(() => {});
  return UNREACHED;
}

function send({file, size}, {put, grant, signal, told}) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    let patience = 0;
    const within = (ms) => {
      clearTimeout(patience);
      patience = setTimeout(stop, ms);
    };
    request.upload.addEventListener("progress", ({loaded}) => {
      within(STALLED_AFTER_MS);
      told({sent: Math.min(loaded, size)});
    });
    request.upload.addEventListener("load", () => {
      within(CHECKED_WITHIN_MS);
      told({sent: size, isChecked: true});
    });
    request.addEventListener("loadend", () => {
      clearTimeout(patience);
      signal.removeEventListener("abort", stop);
      resolve(outcome({status: request.status, body: jsonOf(request)}));
    });
    signal.addEventListener("abort", stop);
    request.open("PUT", put);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("X-Upload-Grant", grant);
    within(STALLED_AFTER_MS);
    request.send(file);
  });
}

function jsonOf(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null;
  }
}

function outcome({status, body}) {
  if (body && (status === 200 || status === 201)) return {kind: "done", answer: body};
  if (CUT.has(body?.code)) return {kind: "cut", words: body.words};
  if (body?.words) return {kind: "refused", code: body.code, words: body.words, again: body.again === true};
  if (SIGNED_OUT.has(status)) return refused("signed_out", "failed_signed_out");
  if (PLAIN[status]) return refused(String(status), PLAIN[status], MAY_PASS.has(status));
  return status === 0 ? UNREACHED : {kind: "cut", words: word("failed_server")};
}

const refused = (code, name, again = false) => ({kind: "refused", code, words: word(name), again});

/** What was moved, changed or taken away since it was chosen cannot be read any more; neither can a folder. */
async function isReadable(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

const unreadable = () => refused("unreadable", "upload_unreadable");
