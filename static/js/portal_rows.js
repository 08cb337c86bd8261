/* The lines of *My chats*: what was said last, how long ago, how much is unread. They are kept up to date in place, from
   what comes live, and put in order: unread ones by the longest wait, then by the latest word.

   A line says: data-chat, data-state, data-seq and data-unread (as counted by the server), data-last-at,
   data-waiting-since, data-answer-due-at or data-idle-due-at.
*/

import {whenHere} from "./arrivals.js";
import {live} from "./live.js";
import {page} from "./page.js";
import {isSaid, saidIn} from "./said.js";
import {sounds} from "./sounds.js";
import {onTick} from "./tick.js";
import {age, left} from "./times.js";
import {unread} from "./portal_unread.js";
import {word, words} from "./words.js";

const MINUTE_MS = 60_000;
const WAITS_LONG_MS = 2 * MINUTE_MS;
const WAITS_TOO_LONG_MS = 4 * MINUTE_MS;
const NOW_MS = 30_000;
const TYPES_FOR_MS = 4000;
const PREVIEW_CHARS = 120;

// line → what stood there before somebody began to type, and the timer that brings it back
const typing = new WeakMap();
// chat → the deadline that was warned of
const warned = new Map();
const canHover = matchMedia("(hover: hover)");

const rowsOf = (chat) => document.querySelectorAll(`[data-row][data-chat="${chat}"]`);
const rows = () => document.querySelectorAll("[data-row]");
const list = () => document.getElementById("chat-list");

/** Nothing moves under the pointer. */
export const isUnderPointer = () => canHover.matches && Boolean(list()?.matches(":hover"));

export function startRows() {
  whenHere("[data-row]", (row) => {
    const {chat, seq, unread: n} = row.dataset;
    unread.counted(Number(chat), {seq: Number(seq), n: Number(n)});
    draw(row);
  });
  onTick(() => rows().forEach(draw));
  unread.on("change", (chat) => rowsOf(chat).forEach(draw));
  live.on("event", hear);
  live.on("head", ({head}) => rowsOf(head.chat).forEach((row) => stand(row, head)));
  live.on("typing", type);
  whenHere("#chat-list", (element) => element.addEventListener("pointerleave", order));
}

function hear({chat, seq, kind, side, at, text, head}) {
  for (const row of rowsOf(chat)) {
    row.dataset.seq = Math.max(seq, Number(row.dataset.seq));
    if (head) stand(row, head);
    if (!isSaid(kind)) continue;
    stopTyping(row);
    row.dataset.lastAt = at;
    row.querySelector("[data-last]").textContent = lastWords({kind, text: text.slice(0, PREVIEW_CHARS)}, side);
    if (unread.of(chat) && !row.dataset.waitingSince) row.dataset.waitingSince = at;
    draw(row);
  }
  order();
}

function lastWords(said, side) {
  if (side !== page.side) return saidIn(said);
  return said.kind === "file" ? word("you_sent_file", {name: said.text}) : word("you_said", {text: said.text});
}

function stand(row, head) {
  if (head.idle_due_at && row.dataset.idleDueAt) row.dataset.idleDueAt = head.idle_due_at;
  const person = row.querySelector("[data-presence]");
  if (person) person.dataset.presence = head.pages.contact ? "on" : "off";
}

function draw(row) {
  const n = unread.of(Number(row.dataset.chat));
  row.classList.toggle("is-unread", n > 0);
  put(row.querySelector("[data-count]"), n ? String(n) : "");
  if (!n) delete row.dataset.waitingSince;
  const {text, urgency, said, isEnding} = clockOf(row.dataset, n);
  if (isEnding) warn(row.dataset);
  if (text !== null) drawClock(row.querySelector("[data-age]"), text, urgency);
  // What the colours, the clock and the count show, as words after the name.
  put(row.querySelector("[data-said]"), [n ? words("n_unread", n) : "", said].filter(Boolean).map((part) => `, ${part}`).join(""));
}

function clockOf({state, answerDueAt, idleDueAt, lastAt, waitingSince}, n) {
  if (state === "ended") return {text: null, said: word("row_ended")};
  if (answerDueAt) return {text: word("time_left", {time: left(until(answerDueAt))}), said: word("row_asking")};
  const idle = until(idleDueAt);
  if (idle <= warning()) {
    const urgency = idle < NOW_MS ? "now" : "soon";
    return {text: word("ends", {time: left(idle)}), urgency, said: word("row_ends"), isEnding: true};
  }
  const waits = -until((n && waitingSince) || lastAt);
  const minutes = Math.floor(waits / MINUTE_MS);
  const urgency = !n || waits < WAITS_LONG_MS ? "" : waits < WAITS_TOO_LONG_MS ? "soon" : "now";
  return {text: age(Math.max(0, waits)), urgency, said: n && minutes ? words("row_waiting", minutes) : ""};
}

/** Once for each deadline, also where the chat is not open on the page. */
function warn({chat, idleDueAt}) {
  if (warned.get(chat) === idleDueAt) return;
  warned.set(chat, idleDueAt);
  sounds.play("warning");
}

const until = (moment) => Date.parse(moment) - live.now();
const warning = () => Number(list()?.dataset.idleWarningS ?? 60) * 1000;

function drawClock(clock, text, urgency) {
  put(clock, text);
  if (urgency) clock.dataset.urgency = urgency;
  else delete clock.dataset.urgency;
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function type({chat, side}) {
  if (side !== page.other) return;
  for (const row of rowsOf(chat)) {
    const last = row.querySelector("[data-last]");
    const before = typing.get(row)?.before ?? last.textContent;
    clearTimeout(typing.get(row)?.timer);
    last.textContent = word("row_typing");
    row.classList.add("is-typing");
    const timer = setTimeout(() => {
      last.textContent = before;
      stopTyping(row);
    }, TYPES_FOR_MS);
    typing.set(row, {before, timer});
  }
}

function stopTyping(row) {
  clearTimeout(typing.get(row)?.timer);
  typing.delete(row);
  row.classList.remove("is-typing");
}

/** Put the lines in their order, once the pointer is elsewhere. */
export function order() {
  const items = [...document.querySelectorAll("#my-chats > li")];
  if (isUnderPointer() || items.length < 2) return;
  const sorted = [...items].sort((one, other) => placeOf(one) - placeOf(other));
  if (sorted.every((item, at) => item === items[at])) return;
  const focused = document.activeElement;
  items[0].parentElement.append(...sorted);
  if (sorted.some((item) => item.contains(focused))) focused.focus({preventScroll: true});
}

/** Smaller stands higher; what waits stands before everything else. */
function placeOf(item) {
  const {waitingSince, lastAt, chat} = item.querySelector("[data-row]").dataset;
  if (unread.of(Number(chat)) && waitingSince) return Date.parse(waitingSince) - Number.MAX_SAFE_INTEGER / 2;
  return -Date.parse(lastAt);
}
