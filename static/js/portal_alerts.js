/* What happens in my chats while I look elsewhere: a sound, a notice on the desktop while the page is hidden, and one at
   the top right where the list of chats is not on the screen. */

import {live} from "./live.js";
import {notify} from "./notify.js";
import {isMine, page} from "./page.js";
import {notice} from "./portal_notices.js";
import {isSaid, saidIn} from "./said.js";
import {sounds} from "./sounds.js";

const NEWS_FOR_MS = 30_000;

export function startAlerts() {
  live.on("event", hear);
  live.on("head", ({head}) => {
    if (isMine(head) && head.read[page.side] === head.last_seq) notify.drop(head.chat);
  });
}

/** News even when it was caught up, for a moment: it came while one page of mine went and the next was not there yet. */
export const isNews = ({isOld, at}) => !isOld || live.now() - Date.parse(at) < NEWS_FOR_MS;

function hear(event) {
  if (!isNews(event) || !isMine(live.heads.get(event.chat))) return;
  if (event.kind === "ended" && event.side !== page.side) sounds.play("ended");
  if (isSaid(event.kind) && event.side === page.other && !isInSight(event.chat)) tell(event);
}

const isInSight = (chat) => isOpen(chat) && !document.hidden && document.hasFocus();
const isOpen = (chat) => document.querySelector(`[data-thread][data-chat="${chat}"]`) !== null;

function tell(event) {
  const {chat, author} = event;
  const text = saidIn(event);
  const url = `${page.chats}${chat}/`;
  sounds.play("message");
  notify.show({chat, title: author, text, url});
  if (!isOpen(chat) && !document.querySelector("[data-console]")) {
    notice({icon: "message-circle", title: author, text, href: url});
  }
}
