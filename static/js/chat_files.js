/* The files of chats on their way: place "chat-7" of uploads.js. What arrived goes when its event is in the thread. */

import {live} from "./live.js";
import {say} from "./say.js";
import {uploads} from "./uploads.js";
import {words} from "./words.js";

const GATHERED_MS = 500;
const placeOf = (chat) => `chat-${chat}`;

/** The chat of a place, or NaN for one that is no chat's. */
export const chatOf = (place) => Number(/^chat-(\d+)$/.exec(place)?.[1] ?? NaN);

let arrived = 0;

export function startChatFiles() {
  uploads.on("done", ({place, answer}) => {
    if (!chatOf(place)) return;
    // Shows it even without a socket.
    live.receive(answer);
    tell();
  });
  live.on("event", settle);
  live.on("repeat", settle);
  // What is not there yet is refused now, in the server's words.
  live.on("head", ({head, before}) => {
    if (head.state === "ended" && before?.state !== "ended") uploads.review(placeOf(head.chat));
  });
}

/** The thread has shown it by then: it hears of the event first. */
function settle({client_id: key, chat}) {
  if (key) queueMicrotask(() => uploads.find(key)?.place === placeOf(chat) && uploads.drop(key));
}

function tell() {
  arrived += 1;
  if (arrived > 1) return;
  setTimeout(() => {
    say(words("files_sent", arrived));
    arrived = 0;
  }, GATHERED_MS);
}
