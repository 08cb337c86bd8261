/* What is being written in a chat and not yet sent, kept per chat in the browser; outbox.clear() forgets it too.

     draft(chat) → text · keepDraft(chat, text)
*/

import {page} from "./page.js";
import {forget, read, write} from "./store.js";

const key = (chat) => `hd.draft.${page.viewer}.${chat}`;

export const draft = (chat) => read(key(chat)) ?? "";

export function keepDraft(chat, text) {
  if (text) write(key(chat), text);
  else forget(key(chat));
}
