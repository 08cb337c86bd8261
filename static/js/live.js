/* Everything live on a page: one socket, and polling while it is down, told apart by nobody.

     live.on("event", (frame) => …, {signal})   → off()
     live.start()                               last, when everybody listens

   Heard: event (each once and in order per chat; isOld when it was caught up), repeat, head ({head}), opened, rings,
   typing, ticket, device, me, people, refused, bye; hello, beat and poll after their heads, rings and me were told;
   state ("live", "reconnecting" or "offline").
   Done: live.send(frame) → sent? · live.watch({ticket: 5}) → stop() · live.follow(chat, seq) · live.retry()
   Known: live.state · live.now() the server's clock in ms · live.heads chat → head · live.downSince · live.heardAt()
          live.isOpening() the socket is open: no poll and no POST by itself until its greeting came, or is overdue
*/

import {bus} from "./bus.js";
import {Feeds} from "./feeds.js";
import {isNewer} from "./heads.js";
import {getJson} from "./http.js";
import {Link} from "./link.js";
import {isMine, page} from "./page.js";
import {onTick} from "./tick.js";

const POLL_AFTER_MS = 2000;
const POLL_EVERY_MS = 3000;
const OFFLINE_AFTER_MS = 20_000;
const CLOCK_JUMP_MS = 5000;

const line = bus();
const heads = new Map();
const watches = new Map();
const shown = new Set();
let offset = null;
let isOver = false;
let isPolling = false;
let pollDueAt = 0;
let reachedAt = Date.now();

export const live = {
  on: line.on,
  heads,
  state: "reconnecting",
  downSince: Date.now(),
  heardAt: () => link.heardAt,
  isOpening: () => link.isOpening,
  now: () => Date.now() + (offset ?? 0),
  start,
  send: (frame) => link.send(frame),
  receive,
  retry,
  watch,
  follow,
  leave,
};

const feeds = new Feeds({
  deliver: (frame) => line.emit("event", frame),
  repeat: (frame) => line.emit("repeat", frame),
  // A greeting asks for all that is missing.
  ask: (chats) => link.send({type: "sync", chats}) || link.isOpening || poll(),
});

const link = new Link(page.socket, {
  up: () => {
    watches.forEach(({frame}) => link.send({type: "watch", ...frame}));
    settle();
  },
  down: ({isOver: mustGo}) => {
    isOver = isOver || mustGo;
    settle();
  },
  heard: (frame) => {
    reachedAt = Date.now();
    receive(frame);
  },
});

// What each type of frame tells besides itself; anything else is passed on as it is.
const UNFOLD = {
  hello: (frame) => {
    unfold(frame);
    tidy();
    feeds.catchUp({all: true, told: new Set((frame.heads ?? []).map(({chat}) => chat))});
  },
  beat: unfold,
  poll: (frame) => {
    unfold(frame);
    (frame.chats ?? []).forEach(takeEvents);
  },
  event: takeEvent,
  events: takeEvents,
  head: (frame) => takeHead(frame.head),
  opened: (frame) => takeHead(frame.head),
  refused: (frame) => {
    // A chat that is out of sight is not asked for again and again.
    if (frame.code === "not_found" && frame.chat && !frame.client_id) feeds.leave(frame.chat);
  },
  bye: () => {
    isOver = true;
    link.stop({over: true});
  },
};
const TOLD_BY_ITSELF = new Set(["event", "events", "head"]);

/** Takes a frame from wherever it came; one that makes no sense is passed over. */
function receive(frame) {
  try {
    if (Object.hasOwn(UNFOLD, frame.type)) UNFOLD[frame.type](frame);
  } catch (error) {
    console.warn("A frame was passed over.", error);
    return;
  }
  if (!TOLD_BY_ITSELF.has(frame.type)) line.emit(frame.type, frame);
}

function unfold(frame) {
  setClock(frame.now);
  (frame.heads ?? []).forEach((head) => takeHead(head));
  if (frame.rings) line.emit("rings", {type: "rings", rings: frame.rings});
  if (frame.me) line.emit("me", {type: "me", ...frame.me});
}

function takeEvent(frame) {
  if (!isPlace(frame)) return;
  feeds.take(frame, false);
  if (frame.head) takeHead(frame.head);
}

function takeEvents(frame) {
  frame.events.filter(isPlace).forEach((event) => feeds.take(event, true));
  if (frame.head) takeHead(frame.head);
  if (frame.more) feeds.catchUp();
}

// A place that is no number would put the order of the chat out of reach.
const isPlace = ({chat, seq}) => Number.isInteger(chat) && Number.isInteger(seq);

function takeHead(head) {
  if (!Number.isInteger(head?.chat)) return;
  const known = heads.get(head.chat);
  if (!isNewer(head, known)) return;
  heads.set(head.chat, head);
  // My own chats are followed without being on the screen: their messages count as delivered (P1).
  if (isMine(head) && head.state !== "ended" && !feeds.has(head.chat)) {
    feeds.follow(head.chat, head.delivered[page.side]);
  }
  feeds.expect(head.chat, head.last_seq);
  line.emit("head", {type: "head", head, before: known});
}

function follow(chat, seq) {
  shown.add(chat);
  feeds.follow(chat, seq);
  // Of a chat that this page carries the server tells nothing anew, and more may have come while it was drawn.
  feeds.expect(chat, heads.get(chat)?.last_seq ?? 0);
}

function leave(chat) {
  shown.delete(chat);
  tidy();
}

/** Forget the order of chats that are neither on the screen nor my own and open. */
function tidy() {
  for (const chat of Object.keys(feeds.places()).map(Number)) {
    const head = heads.get(chat);
    const isCarried = head && head.state !== "ended" && isMine(head);
    if (!shown.has(chat) && !isCarried && !feeds.isBehind(chat)) feeds.leave(chat);
  }
}

/** The server's clock: the way here takes time, so of several readings the furthest ahead is nearest to it. */
function setClock(now) {
  const read = Date.parse(now) - Date.now();
  if (Number.isNaN(read)) return;
  if (offset === null || read > offset || offset - read > CLOCK_JUMP_MS) offset = read;
}

/** Hear about something that this page does not carry by itself, over every reconnect, until stopped. */
function watch(frame) {
  const key = JSON.stringify(frame);
  const entry = watches.get(key) ?? {frame, count: 0};
  entry.count += 1;
  watches.set(key, entry);
  if (entry.count === 1) link.send({type: "watch", ...frame});
  return () => {
    entry.count -= 1;
    if (entry.count > 0) return;
    watches.delete(key);
    link.send({type: "unwatch", ...frame});
  };
}

function settle() {
  const before = live.state;
  live.state = stateNow();
  if (live.state === before) return;
  if (before === "live") live.downSince = reachedAt = Date.now();
  line.emit("state", live.state);
}

function stateNow() {
  if (link.isUp) return "live";
  return isOver || Date.now() - reachedAt > OFFLINE_AFTER_MS ? "offline" : "reconnecting";
}

async function poll() {
  if (isPolling || isOver) return;
  isPolling = true;
  const polledAt = Date.now();
  try {
    const since = Object.entries(feeds.places()).map(([chat, seq]) => `${chat}:${seq}`);
    const answer = await getJson(`${page.sync}?since=${since.join(",")}`);
    // Whoever may not be here any more is told so in the same way as by the socket.
    if (answer.body && (answer.status === 200 || answer.body.type === "bye")) {
      reachedAt = Date.now();
      receive(answer.body);
    }
  } catch {
    // Still down; the next poll or the socket will tell.
    if (link.isUp && !navigator.onLine) link.drop();
  } finally {
    isPolling = false;
    // A server that takes its time is asked the less often for it.
    pollDueAt = polledAt + Math.max(POLL_EVERY_MS, 2 * (Date.now() - polledAt));
    settle();
  }
}

function beat() {
  link.check();
  settle();
  if (link.isUp) feeds.catchUp();
  else if (!link.isOpening && Date.now() - live.downSince > POLL_AFTER_MS && Date.now() >= pollDueAt) poll();
}

/** *Try now*. */
function retry() {
  if (isOver) return;
  link.retry();
  poll();
}

function start() {
  if (!page.socket) return;
  onTick(beat);
  window.addEventListener("online", retry);
  // A browser says so too when only the way out is gone and the server is still there: ask before believing it.
  window.addEventListener("offline", poll);
  window.addEventListener("pageshow", ({persisted}) => persisted && retry());
  // Says at once that nobody is here, and lets the browser keep the page for *Back*.
  window.addEventListener("pagehide", () => link.stop());
  document.addEventListener("visibilitychange", () => !document.hidden && !link.isUp && retry());
  link.start();
}
