/* Sends what the outbox keeps: in order, one message of a chat at a time, by the socket when it is up; by POST, one of
   all chats at a time, when it is not or when the text is too large for a frame. No chat waits for one whose message
   the server cannot take. Sending again is safe: the server knows the client id.

     startSender()   isStuck(id) → the last try did not reach the server, or it could not take it
*/

import {postJson} from "./http.js";
import {live} from "./live.js";
import {outbox} from "./outbox.js";
import {page} from "./page.js";
import {onTick} from "./tick.js";

const LARGEST_FRAME_BYTES = 15_000;
// The server beats every 15 s: a socket that said nothing since a message was sent is perhaps dead. One that speaks is
// not, so the message is with a server that is slow, and sending it once more would only make it slower: wait longer.
const ANSWERED_WITHIN_MS = 16_000;
const ANSWERED_LATE_WITHIN_MS = 40_000;
const POST_AFTER_MS = 1500;
const WAIT_AFTER_FAILURE_MS = 3000;
// The server said no, and would again.
const FINAL = new Set(["ended", "not_yours", "taken", "empty", "long", "not_found", "bad_frame"]);

// chat → {id, sentAt} on its way
const flying = new Map();
// Not taken, the one that failed last at the end.
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
  live.on("state", (state) => state !== "live" && forgetLost());
  live.on("hello", goOn);
  live.on("poll", goOn);
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
  if (!id) return;
  land(id);
  // Another tab may have dropped it meanwhile.
  if (!outbox.has(id)) return;
  if (FINAL.has(code)) {
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

/** What was on the way over a socket that is gone may never have arrived. */
function forgetLost() {
  for (const [chat, flight] of flying) {
    if (!flight.isPost) flying.delete(chat);
  }
}

function goOn() {
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

/** Those first that did not fail yet, and of the others those first that failed the longest ago. */
function pumpAll() {
  const failed = [...stuck];
  const turn = (chat) => failed.indexOf(nextOf(chat)?.id);
  const chats = [...new Set(outbox.waiting().map((message) => message.chat))];
  chats.sort((one, other) => turn(one) - turn(other)).forEach(pump);
}

const nextOf = (chat) => outbox.of(chat).find((message) => !message.refused && !answered.has(message.id));

function pump(chat) {
  const next = nextOf(chat);
  if (!next || flying.has(chat) || (stuck.has(next.id) && Date.now() < restUntil)) return;
  if (fits(next) && live.send(asFrame(next))) {
    flying.set(chat, {id: next.id, sentAt: Date.now()});
    stuck.delete(next.id);
  } else if (live.state === "live" || (!live.isOpening() && Date.now() - live.downSince > POST_AFTER_MS)) {
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
  stuck.delete(id);
  stuck.add(id);
  restUntil = Date.now() + WAIT_AFTER_FAILURE_MS;
  outbox.touch(chat);
}
