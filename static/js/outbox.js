/* What was written and not yet acknowledged, kept in the browser under its client id until its own event comes back
   (P2, D11). One key a message, so that two tabs never overwrite each other's. sender.js does the sending.

     outbox.add(chat, body) → client id        outbox.of(chat) → its messages, the oldest first
     outbox.again(id) try a refused one again  outbox.drop(id) · outbox.count() still to be sent
     outbox.on("change", (chat) => …)          outbox.clear() when this person signs out
   A message is {id, chat, body, at, n, refused: {code, words} or absent}.
*/

import {bus} from "./bus.js";
import {newId} from "./ids.js";
import {page} from "./page.js";
import {forget, keys, read, write} from "./store.js";

const ROOMS = ["hd.outbox", "hd.draft"];
const room = (name) => `${name}.${page.viewer}.`;
const key = (id) => room("hd.outbox") + id;
const line = bus();

export const outbox = {
  on: line.on,
  add,
  again,
  drop,
  of: (chat) => all().filter((message) => message.chat === chat),
  waiting: () => all().filter((message) => !message.refused),
  count: () => outbox.waiting().length,
  has: (id) => read(key(id)) !== null,
  refuse,
  touch: (chat) => line.emit("change", chat),
  clear: () => ROOMS.flatMap((name) => keys(room(name))).forEach(forget),
};

function all() {
  const messages = keys(room("hd.outbox")).map(read).filter((message) => message?.id && message.body);
  return messages.sort((one, other) => one.n - other.n || one.at - other.at);
}

function add(chat, body) {
  const id = newId();
  const n = 1 + Math.max(0, ...all().map((message) => message.n));
  write(key(id), {id, chat, body, n, at: Date.now()});
  line.emit("change", chat);
  return id;
}

function refuse(id, refused) {
  const message = read(key(id));
  if (!message) return;
  write(key(id), {...message, refused});
  line.emit("change", message.chat);
}

function again(id) {
  const message = read(key(id));
  if (!message) return;
  // Under a new id: the old one may be what was refused.
  forget(key(id));
  add(message.chat, message.body);
}

function drop(id) {
  const message = read(key(id));
  if (!message) return;
  forget(key(id));
  line.emit("change", message.chat);
}

/** Whoever sat on this side before: nothing of theirs stays. The other side may be open in the same browser. */
function forgetOthers() {
  for (const name of ROOMS) {
    const ofThisSide = keys(`${name}.${page.viewer[0]}`);
    ofThisSide.filter((stored) => !stored.startsWith(room(name))).forEach(forget);
  }
}

export function startOutbox() {
  if (!page.viewer) return;
  forgetOthers();
  window.addEventListener("storage", ({key: changed, newValue, oldValue}) => {
    if (!changed?.startsWith(room("hd.outbox"))) return;
    const chat = chatIn(newValue ?? oldValue);
    if (chat) line.emit("change", chat);
  });
  document.addEventListener("submit", ({target}) => {
    if (target.matches?.("[data-sign-out]")) outbox.clear();
  });
}

function chatIn(text) {
  try {
    return JSON.parse(text).chat;
  } catch {
    return null;
  }
}
