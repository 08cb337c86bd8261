/* Sends what the outbox keeps: in order, one message of a chat at a time, by the socket when it is up; by POST, one of
   all chats at a time, when it is not or when the text is too large for a frame. Sending again is safe: the server
   knows the client id.

     startSender()   isStuck(id) → the last try did not reach the server
*/

import {postJson} from "./http.js";
import {live} from "./live.js";
import {outbox} from "./outbox.js";
import {page} from "./page.js";
import {onTick} from "./tick.js";

const LARGEST_FRAME_BYTES = 15_000;
// The server beats every 15 s: a socket that said nothing since is perhaps dead. One that did carries what is on it, and
// a server that takes its time would only be kept from it by the same words once more.
const ANSWERED_WITHIN_MS = 16_000;
const ANSWERED_LATE_WITHIN_MS = 40_000;
const POST_AFTER_MS = 1500;
const WAIT_AFTER_FAILURE_MS = 3000;
// The server said no, and would again.
const FINAL = new Set(["ended", "not_yours", "taken", "empty", "long", "not_found", "bad_frame"]);

// chat → {id, sentAt} on its way
const flying = new Map();
const stuck = new Set();
// Answered, but its event waits for one before it: not to be sent again.
const answered = new Set();
let restUntil = 0;

export const isStuck = (id) => stuck.has(id);

export function startSender() {
  if (!page.viewer) return;
  outbox.on("change", pump);
  live.on("event", settle);
  live.on("repeat", settle);
  live.on("refused", refuse);
  live.on("bye", ({reason}) => reason === "signed_out" && outbox.clear());
  // What was on the way over the old socket may never have arrived.
  live.on("hello", sendAgain);
  live.on("poll", sendAgain);
  onTick(watchOver);
}

function settle({client_id: id, chat}) {
  if (!id) return;
  land(id);
  stuck.delete(id);
  answered.delete(id);
  outbox.drop(id);
  pump(chat);
}

function refuse({client_id: id, chat, code, words}) {
  if (!id || !outbox.has(id)) return;
  if (FINAL.has(code)) {
    land(id);
    outbox.refuse(id, {code, words});
  } else {
    fail(id, chat);
  }
}

function land(id) {
  for (const [chat, flight] of flying) {
    if (flight.id === id) flying.delete(chat);
  }
}

function sendAgain() {
  for (const [chat, flight] of flying) {
    if (!flight.isPost) flying.delete(chat);
  }
  restUntil = 0;
  pumpAll();
}

function watchOver() {
  for (const [chat, flight] of flying) {
    const within = live.heardAt() > flight.sentAt ? ANSWERED_LATE_WITHIN_MS : ANSWERED_WITHIN_MS;
    if (Date.now() - flight.sentAt > within && !flight.isPost) {
      const message = outbox.of(chat).find(({id}) => id === flight.id);
      // Another tab may have sent it meanwhile.
      if (message) post(message);
      else flying.delete(chat);
    }
  }
  pumpAll();
}

function pumpAll() {
  new Set(outbox.waiting().map((message) => message.chat)).forEach(pump);
}

function pump(chat) {
  if (flying.has(chat) || Date.now() < restUntil) return;
  const next = outbox.of(chat).find((message) => !message.refused && !answered.has(message.id));
  if (!next) return;
  if (fits(next) && live.send(asFrame(next))) {
    flying.set(chat, {id: next.id, sentAt: Date.now()});
    stuck.delete(next.id);
  } else if (live.state === "live" || (!live.isGreetedSoon() && Date.now() - live.downSince > POST_AFTER_MS)) {
    post(next);
  }
}

const asFrame = ({chat, id, body}) => ({type: "post", chat, client_id: id, body});
const fits = (message) => new Blob([JSON.stringify(asFrame(message))]).size <= LARGEST_FRAME_BYTES;

/** One of all chats at a time: what comes by POST comes to a server that is away or has too much to do. */
async function post(message) {
  if ([...flying.values()].some(({isPost}) => isPost)) return;
  const {id, chat, body} = message;
  flying.set(chat, {id, sentAt: Date.now(), isPost: true});
  try {
    take(id, chat, await postJson(`${page.chats}${chat}/messages/`, {client_id: id, body}));
  } catch {
    fail(id, chat);
  }
}

function take(id, chat, {status, body: answer}) {
  land(id);
  if (status === 200 && answer) {
    answered.add(id);
    live.receive(answer);
    pumpAll();
  } else if ([404, 409, 422].includes(status)) {
    refuse({code: "not_found", words: "", ...answer, client_id: id});
    pumpAll();
  } else {
    fail(id, chat);
  }
}

/** Not reached, or not able to answer: it stays, and goes again by and by. */
function fail(id, chat) {
  land(id);
  stuck.add(id);
  restUntil = Date.now() + WAIT_AFTER_FAILURE_MS;
  outbox.touch(chat);
}
