/* The lines of a thread: each put in once, in its place; grouped by speaker and five minutes; a line for each day. */

import {live} from "./live.js";
import {outbox} from "./outbox.js";
import {isSaid} from "./said.js";
import {onTick} from "./tick.js";
import {day, dayKey, exact, showTimes} from "./times.js";
import {part} from "./words.js";

const GROUP_MS = 5 * 60_000;
const BUSY_FOR_MS = 400;
// line → when the first of its group was said
const groups = new WeakMap();

export function startRows(thread) {
  rowsOf(thread.list).forEach((row) => prepare(thread, row));
  dressAll(thread.list);
  thread.last = Math.max(0, ...rowsOf(thread.list).filter(isIn(thread)).map((row) => Number(row.dataset.seq)));
  thread.on("event", (frame) => append(thread, frame));
  followDays(thread);
  live.follow(thread.chat, thread.last);
}

export const rowsOf = (list) => [...list.querySelectorAll(":scope > .hd-event:not([data-part])")];
const isIn = (thread) => (row) => Number(row.dataset.chat) === thread.chat;

/** What the server rendered, as elements that are not in the page yet. */
export function fromServer(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

/** What a line needs that only the page knows, before it is shown. */
export function prepare(thread, row, {isOld = false} = {}) {
  const isOwn = thread.isOwn(row);
  row.classList.toggle("is-other", row.dataset.side === thread.side && !isOwn);
  // One's own words are not read back, and neither is the past: the log announces only what others add now.
  if (isOwn || isOld) row.setAttribute("aria-live", "off");
  showTimes(row);
  if (row.dataset.clientId) outbox.drop(row.dataset.clientId);
}

function append(thread, frame) {
  if (frame.seq <= thread.last) return;
  const row = fromServer(frame.html).querySelector(".hd-event");
  if (!row) return;
  thread.last = frame.seq;
  if (frame.isOld) keepBusy(thread.log);
  prepare(thread, row);
  row.classList.toggle("is-new", !frame.isOld && !thread.isOwn(row));
  thread.list.insertBefore(row, thread.list.querySelector(":scope > [data-unsent]"));
  dress(row);
  thread.list.querySelectorAll(":scope > [data-unsent]").forEach(dress);
  thread.added(row);
}

const busy = new WeakMap();

/** While a reconnect fills in, a screen reader waits for the end of it. */
function keepBusy(log) {
  log.setAttribute("aria-busy", "true");
  clearTimeout(busy.get(log));
  busy.set(log, setTimeout(() => log.removeAttribute("aria-busy"), BUSY_FOR_MS));
}

export function dressAll(list) {
  list.querySelectorAll(":scope > .hd-day").forEach((line) => line.remove());
  rowsOf(list).forEach(dress);
}

/** The day line before a line, whether it continues a group, and which lines say the same twice. */
export function dress(row) {
  const at = new Date(row.dataset.at);
  if (Number.isNaN(at.getTime())) return;
  const before = previous(row);
  const isSameDay = before !== null && dayKey(new Date(before.dataset.at)) === dayKey(at);
  setDayLine(row, isSameDay ? null : at);
  const began = isSameDay && isSameSpeaker(row, before) ? groups.get(before) : undefined;
  const isContinued = at - began <= GROUP_MS;
  row.classList.toggle("is-continued", isContinued);
  groups.set(row, isContinued ? began : at.getTime());
  const bubble = row.querySelector(".hd-bubble");
  if (bubble) bubble.title = exact(at);
  tuckRequest(row);
}

function previous(row) {
  let before = row.previousElementSibling;
  while (before && !before.classList.contains("hd-event")) before = before.previousElementSibling;
  return before;
}

const isSameSpeaker = (row, other) =>
  isSaid(row.dataset.kind) &&
  isSaid(other.dataset.kind) &&
  row.dataset.side === other.dataset.side &&
  row.dataset.author === other.dataset.author;

/** "Ann asked to chat, Tina accepted" says what "Ann asked to chat" said. */
function tuckRequest(row) {
  const {kind, chat} = row.dataset;
  if (kind !== "accepted" && kind !== "requested") return;
  const inChat = `[data-chat="${Number(chat)}"]`;
  const find = (wanted) => row.parentElement.querySelector(`.hd-event[data-kind="${wanted}"]${inChat}`);
  const request = find("requested");
  if (request) request.hidden = find("accepted") !== null;
}

function setDayLine(row, at) {
  const there = row.previousElementSibling?.classList.contains("hd-day") ? row.previousElementSibling : null;
  if (!at) {
    there?.remove();
    return;
  }
  const line = there ?? part("day");
  const time = line.querySelector("time");
  time.dateTime = dayKey(at);
  time.textContent = day(at);
  if (!there) row.before(line);
}

/** At midnight *Today* becomes *Yesterday*. */
function followDays(thread) {
  let today = dayKey(new Date());
  const look = () => {
    if (today === dayKey(new Date())) return;
    today = dayKey(new Date());
    for (const time of thread.list.querySelectorAll(":scope > .hd-day time")) {
      time.textContent = day(new Date(`${time.dateTime}T00:00`));
    }
  };
  onTick(look, {signal: thread.signal});
}
