/* Tells the server what this page got (*Delivered*) and what the person read (*Read*): only of one's own chats, only
   forward, at most every quarter of a second per chat; while the socket is down by POST, one of a chat at a time.

     startSeen() · sawUpTo(chat, seq) called by the thread whose end is in sight
*/

import {postJson} from "./http.js";
import {live} from "./live.js";
import {isMine, page} from "./page.js";

const APART_MS = 250;
const POST_AFTER_MS = 5000;
const TELL_AGAIN_MS = 20_000;
const WAIT_AFTER_REFUSAL_MS = 3000;

// chat → what is true here: {delivered, read}; what was told, and when: {toldDelivered, toldRead, toldAt}; from when on
// it may be told: {restUntil}
const marks = new Map();
let timer = 0;

export function startSeen() {
  if (!page.viewer) return;
  live.on("event", ({chat, seq}) => note(chat, {delivered: seq}));
  live.on("head", ({head}) => trust(head));
  // What was on its way over the old socket may never have arrived.
  live.on("state", () => marks.forEach((mark) => (mark.toldAt = 0)));
  live.on("refused", tellLater);
  live.on("hello", soon);
  live.on("poll", soon);
}

export function sawUpTo(chat, seq) {
  note(chat, {delivered: seq, read: seq});
}

function note(chat, {delivered = 0, read = 0}) {
  if (!isMine(live.heads.get(chat))) return;
  const mark = marks.get(chat) ?? {delivered: 0, read: 0, toldDelivered: 0, toldRead: 0, toldAt: 0, restUntil: 0};
  mark.delivered = Math.max(mark.delivered, delivered);
  mark.read = Math.max(mark.read, read);
  marks.set(chat, mark);
  soon();
}

/** The server knows best what it was told, but for what is on its way: that would be told with every head anew. */
function trust(head) {
  const mark = marks.get(head.chat);
  if (!mark) return;
  const isOnItsWay = Date.now() - mark.toldAt < TELL_AGAIN_MS;
  const known = isOnItsWay ? mark : {toldDelivered: 0, toldRead: 0};
  mark.toldDelivered = Math.max(head.delivered[page.side], known.toldDelivered);
  mark.toldRead = Math.max(head.read[page.side], known.toldRead);
}

/** The server could not take it now: nothing was told. */
function tellLater({code, client_id: id, chat}) {
  const mark = marks.get(chat);
  if (code !== "later" || id || !mark) return;
  const restUntil = Date.now() + WAIT_AFTER_REFUSAL_MS;
  Object.assign(mark, {toldDelivered: 0, toldRead: 0, toldAt: 0, restUntil});
  setTimeout(soon, WAIT_AFTER_REFUSAL_MS);
}

function soon() {
  if (!timer) timer = setTimeout(tell, APART_MS);
}

function tell() {
  timer = 0;
  for (const [chat, mark] of marks) {
    const isNews = mark.delivered > mark.toldDelivered || mark.read > mark.toldRead;
    if (isNews && Date.now() >= mark.restUntil) tellOf(chat, mark);
  }
}

async function tellOf(chat, mark) {
  const {delivered, read} = mark;
  const isSent = live.send({type: "seen", chat, delivered, read}) || (await post(chat, mark, {delivered, read}));
  if (!isSent) return;
  mark.toldDelivered = Math.max(mark.toldDelivered, delivered);
  mark.toldRead = Math.max(mark.toldRead, read);
  mark.toldAt = Date.now();
}

async function post(chat, mark, seen) {
  // What cannot be told now is told at the next poll. A server that all pages come back to has better things to do.
  if (mark.isPosting || live.isOpening() || Date.now() - live.downSince < POST_AFTER_MS) return false;
  mark.isPosting = true;
  try {
    return (await postJson(`${page.chats}${chat}/seen/`, seen)).status === 204;
  } catch {
    return false;
  } finally {
    mark.isPosting = false;
  }
}
