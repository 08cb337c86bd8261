/* The files that this page is sending, wherever to: three at a time in the order in which they were chosen, each tried
   again when the line was cut. It lives as long as the page, whatever is on the screen; upload_cards.js shows it.

     uploads.add(files, {to, place, limits})  `to` takes the announcements (chat/file_views.py), `place` is any word
                                              that says whose they are ("chat-7"), `limits` come from file_limits.js
     uploads.of(place) → uploads, "chat-*" of every chat   uploads.find(key)
     uploads.cancel(key) takes it back, refused ones go, sent ones that became part of nothing too
     uploads.again(key) once more             uploads.drop(key) it is where it belongs, and needs no card any more
     uploads.review(place) ask anew whether they may be sent (the chat is over) · uploads.stop() all of them
     uploads.on("change", (place) => …) · on("done", (upload) => …) · on("refused", (upload) => …) also broken ones

   An upload is {key, place, name, size, sent, begunAt, state, words, again, answer}. Its states:
     waiting    for its turn                          checking   all of it is there, and is looked into
     sending    `sent` of `size` bytes                done       `answer` is the server's, it stays until drop(key)
     resting    cut off, goes on by itself            broken     cut off too often, for again(key)
     refused    for `words`; `again` when once more can help
*/

import {bus} from "./bus.js";
import {refusalOf} from "./file_limits.js";
import {remove} from "./http.js";
import {newId} from "./ids.js";
import {live} from "./live.js";
import {transfer} from "./transfer.js";
import {word} from "./words.js";

const AT_ONCE = 3;
const PAUSES_MS = [1000, 3000, 8000, 15_000, 30_000];
const BUSY = new Set(["sending", "checking", "resting"]);
const UNFINISHED = new Set([...BUSY, "waiting"]);
// What is being looked into has its answer soon.
const UNSENT = new Set(["waiting", "sending", "resting"]);
// The server keeps no file under this key any more.
const NEEDS_NEW_KEY = new Set(["gone"]);

const line = bus();
let all = [];

export const uploads = {
  on: line.on,
  of: (place) => all.filter((upload) => isIn(upload, place)),
  find: (key) => all.find((upload) => upload.key === key),
  isUnfinished: (place) => all.some((upload) => upload.place === place && UNFINISHED.has(upload.state)),
  add,
  cancel,
  again,
  drop,
  review,
  stop,
};

const isIn = (upload, place) =>
  place.endsWith("*") ? upload.place.startsWith(place.slice(0, -1)) : upload.place === place;

function add(files, {to, place, limits}) {
  const added = [...files].map((file) => begin(file, to, place));
  all.push(...added);
  for (const upload of added) {
    const refusal = refusalOf(upload.file, limits);
    if (refusal) refuse(upload, refusal);
  }
  line.emit("change", place);
  pump();
}

function begin(file, to, place) {
  const {name, size} = file;
  const state = {state: "waiting", sent: 0, begunAt: 0, words: "", again: false, answer: null};
  return {key: newId(), place, to, file, name, size, ...state, put: "", tries: 0, attempt: null, timer: 0};
}

function pump() {
  while (all.filter(({state}) => BUSY.has(state)).length < AT_ONCE) {
    const next = all.find(({state}) => state === "waiting");
    if (!next) return;
    start(next);
  }
}

async function start(upload) {
  clearTimeout(upload.timer);
  const attempt = new AbortController();
  Object.assign(upload, {attempt, begunAt: Date.now()});
  // Of one that is tried again nothing is on its way until the server is reached.
  if (!upload.tries) upload.state = "sending";
  line.emit("change", upload.place);
  const told = (news) => attempt === upload.attempt && progress(upload, news);
  const outcome = await transfer(upload, {signal: attempt.signal, told});
  // Cancelled, or begun anew meanwhile.
  if (attempt !== upload.attempt) return;
  upload.attempt = null;
  settle(upload, outcome);
  pump();
}

function progress(upload, {put = upload.put, sent = 0, isChecked = false}) {
  Object.assign(upload, {put, sent, state: isChecked ? "checking" : "sending"});
  line.emit("change", upload.place);
}

function settle(upload, outcome) {
  if (outcome.kind === "refused") refuse(upload, outcome);
  else if (outcome.kind === "cut") rest(upload, outcome);
  else finish(upload, outcome);
  line.emit("change", upload.place);
}

function finish(upload, {answer}) {
  Object.assign(upload, {state: "done", sent: upload.size, answer});
  line.emit("done", upload);
}

function refuse(upload, {code, words, again = false}) {
  Object.assign(upload, {state: "refused", code, words, again});
  line.emit("refused", upload);
}

/** Cut off: once more after a pause, which ends when the connection is back; given up after the last one. */
function rest(upload, {words}) {
  const pause = PAUSES_MS[upload.tries];
  upload.tries += 1;
  if (pause === undefined) {
    const percent = Math.floor((100 * upload.sent) / Math.max(1, upload.size));
    Object.assign(upload, {state: "broken", words: words || word("upload_broke", {n: percent}), again: true});
    line.emit("refused", upload);
    return;
  }
  upload.state = "resting";
  upload.timer = setTimeout(() => start(upload), pause);
}

function goOn() {
  all.filter(({state, attempt}) => state === "resting" && !attempt).forEach(start);
}

function again(key) {
  const upload = uploads.find(key);
  if (!upload?.again) return;
  // Under the old key the server knows a file that it let go of; any other it must not take twice.
  if (NEEDS_NEW_KEY.has(upload.code)) upload.key = newId();
  Object.assign(upload, {state: "waiting", tries: 0, sent: 0, words: "", code: "", again: false});
  line.emit("change", upload.place);
  pump();
}

function cancel(key) {
  const upload = uploads.find(key);
  if (!upload) return;
  end(upload);
  // A refused one too: until then the server counts it among the sender's.
  if (upload.put) remove(upload.put).catch(() => {});
  drop(key);
}

function drop(key) {
  const upload = uploads.find(key);
  if (!upload) return;
  all = all.filter((other) => other !== upload);
  end(upload);
  line.emit("change", upload.place);
  pump();
}

function end(upload, reason = "cancelled") {
  const {attempt} = upload;
  upload.attempt = null;
  clearTimeout(upload.timer);
  attempt?.abort(reason);
}

function review(place) {
  for (const upload of uploads.of(place).filter(({state}) => UNSENT.has(state))) {
    end(upload, "reviewed");
    Object.assign(upload, {state: "waiting", tries: 0, sent: 0});
  }
  line.emit("change", place);
  pump();
}

/** Whoever signs out, or may not be here any more, sends nothing. */
function stop() {
  const places = new Set(all.map(({place}) => place));
  all.forEach(end);
  all = [];
  places.forEach((place) => line.emit("change", place));
}

export function startUploads() {
  live.on("hello", goOn);
  window.addEventListener("online", goOn);
  live.on("bye", stop);
  document.addEventListener("submit", ({target}) => target.matches?.("[data-sign-out]") && stop());
  window.addEventListener("beforeunload", (event) => {
    if (all.some(({state}) => UNFINISHED.has(state))) event.preventDefault();
  });
}
