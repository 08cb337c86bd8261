/* The cards of files on their way: <ul data-uploads="chat-7"> shows what uploads.js holds for that place,
   as often as it comes back to the screen. A card that went wrong stays until its cross is pressed, and is read out once.
*/

import {whenHere} from "./arrivals.js";
import {endingOf, inTenths, megabytes} from "./file_limits.js";
import {gather, sayNow} from "./say.js";
import {onTick} from "./tick.js";
import {uploads} from "./uploads.js";
import {part, word} from "./words.js";

// So much of a name's end stays when the rest is cut, as in tickets/templatetags/files.py.
const END_CHARS = 12;
const BADGE_CHARS = 4;
const BYTES_PER_MB = 1024 * 1024;
// A guess at what is left needs something to go by.
const GUESSED_AFTER_MS = 1000;

const announce = gather(sayNow);

export function startUploadCards() {
  whenHere("[data-uploads]", show);
  uploads.on("refused", ({name, words}) => announce(word("upload_not_sent", {name, words})));
}

function show(list) {
  // upload → its card here
  const cards = new Map();
  const place = list.dataset.uploads;
  const look = () => draw(list, cards, uploads.of(place));
  list.addEventListener("click", ({target}) => press(cards, target));
  look();
  const end = new AbortController();
  const {signal} = end;
  uploads.on("change", look, {signal});
  // What is left goes down also while nothing is told.
  onTick(() => cards.size && look(), {signal});
  return () => end.abort();
}

function draw(list, cards, shown) {
  for (const [upload, card] of cards) {
    if (shown.includes(upload)) continue;
    cards.delete(upload);
    leave(list, card);
  }
  for (const upload of shown) {
    if (!cards.has(upload)) cards.set(upload, put(list, upload));
    fill(cards.get(upload), upload);
  }
  list.hidden = shown.length === 0;
}

/** The focus goes on to the next card, or to where one goes on writing. */
function leave(list, card) {
  const next = card.nextElementSibling ?? card.previousElementSibling;
  const hadFocus = card.contains(document.activeElement);
  card.remove();
  if (!hadFocus) return;
  const around = (selector) => list.parentElement.querySelector(selector);
  const goOn = next?.querySelector("[data-cancel]") ?? around("textarea") ?? around("h1, button");
  goOn?.focus({preventScroll: true});
}

function put(list, {name}) {
  const card = part("upload");
  const ending = endingOf(name);
  const badge = card.querySelector("[data-ending]");
  badge.dataset.ending = ending;
  badge.textContent = ending.slice(0, BADGE_CHARS).toUpperCase() || "–";
  const cut = name.length > 2 * END_CHARS ? name.length - END_CHARS : 0;
  card.querySelector("[data-stem]").textContent = name.slice(0, cut);
  card.querySelector("[data-end]").textContent = name.slice(cut);
  card.querySelector(".hd-file-name").title = name;
  card.querySelector("[data-progress]").setAttribute("aria-label", name);
  list.append(card);
  card.scrollIntoView({block: "nearest"});
  return card;
}

function fill(card, upload) {
  const isStopped = upload.state === "refused" || upload.state === "broken";
  card.dataset.state = upload.state;
  setText(card.querySelector("[data-said]"), isStopped ? upload.words : progressOf(upload));
  const bar = card.querySelector("[data-progress]");
  bar.hidden = isStopped;
  bar.value = Math.floor((100 * upload.sent) / Math.max(1, upload.size));
  const cancel = card.querySelector("[data-cancel]");
  cancel.setAttribute("aria-label", word(isStopped || upload.state === "done" ? "upload_remove" : "upload_cancel", {name: upload.name}));
  setAgain(card.querySelector("[data-again]"), upload, cancel);
}

function setAgain(again, {again: canHelp, name}, cancel) {
  const hadFocus = again === document.activeElement;
  again.hidden = !canHelp;
  again.setAttribute("aria-description", name);
  if (hadFocus && !canHelp) cancel.focus();
}

function progressOf(upload) {
  const {state, sent, size} = upload;
  const sizes = {sent: sentOf(sent), size: megabytes(size)};
  if (state === "waiting") return word("upload_waiting", sizes);
  if (state === "resting") return word("upload_resting");
  if (state === "checking") return word("upload_checking", sizes);
  // Waits for its form; in a chat it is gone by now.
  if (state === "done") return word("upload_ready", sizes);
  const time = leftOf(upload);
  return time ? word("upload_left", {...sizes, time}) : word("upload_sent", sizes);
}

const sentOf = (bytes) => inTenths(Math.floor((bytes * 10) / BYTES_PER_MB));

function leftOf({sent, size, begunAt}) {
  const took = Date.now() - begunAt;
  if (!sent || took < GUESSED_AFTER_MS) return "";
  const seconds = ((size - sent) / sent) * (took / 1000);
  if (seconds < 60) return word("seconds_short", {n: Math.max(1, Math.ceil(seconds))});
  return word("minutes_long", {n: Math.ceil(seconds / 60)});
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function press(cards, target) {
  const button = target.closest("[data-again], [data-cancel]");
  const [upload] = [...cards].find(([, card]) => card.contains(button)) ?? [];
  if (!button || !upload) return;
  if (button.matches("[data-again]")) uploads.again(upload.key);
  else uploads.cancel(upload.key);
}
