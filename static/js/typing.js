/* *Ann is typing…*: shown for five seconds or until the message is there; told at most every three. */

import {live} from "./live.js";
import {word} from "./words.js";

const SHOWN_FOR_MS = 5000;
const TOLD_EVERY_MS = 3000;
const toldAt = new Map();

export function tellTyping(chat) {
  if (Date.now() - (toldAt.get(chat) ?? 0) < TOLD_EVERY_MS) return;
  if (live.send({type: "typing", chat})) toldAt.set(chat, Date.now());
}

/** The next one is told at once: the message ended this one. */
export const typingEnded = (chat) => toldAt.delete(chat);

export function startTyping(thread) {
  const line = thread.find("typing");
  let timer = 0;
  const hide = () => {
    line.hidden = true;
  };
  thread.find("typing-words").textContent = word("typing", {name: thread.root.dataset.otherFirst});
  thread.on("typing", ({side}) => {
    if (side !== thread.other) return;
    line.hidden = false;
    clearTimeout(timer);
    timer = setTimeout(hide, SHOWN_FOR_MS);
  });
  thread.on("event", ({side, kind}) => (side === thread.other || kind === "ended") && hide());
  thread.signal.addEventListener("abort", () => clearTimeout(timer));
}
