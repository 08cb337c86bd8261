/* What is being written in a chat and not yet sent, kept per chat in the browser; outbox.clear() forgets it too.

     draft(chat) → text · keepDraft(chat, text)
     leave(chat, device)   the chat is over: what is written in it is for the next one on that device
     goOn(device) → what was left there, once
*/

import {page} from "./page.js";
import {forget, read, write} from "./store.js";

const key = (chat) => `hd.draft.${page.viewer}.${chat}`;

export const draft = (chat) => read(key(chat)) ?? "";

export function keepDraft(chat, text) {
  if (text) write(key(chat), text);
  else forget(key(chat));
}

const leftOn = (device) => `left.${device}`;

export const leave = (chat, device) => write(key(leftOn(device)), chat);

export function goOn(device) {
  const chat = read(key(leftOn(device)));
  if (!chat) return "";
  const text = draft(chat);
  keepDraft(chat, "");
  forget(key(leftOn(device)));
  return text;
}
