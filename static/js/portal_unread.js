/* How many words of contacts I have not read, chat by chat, and how many people wait for somebody: both stand in the
   rail and before the tab's title. The server counts; what comes live is added.

     unread.counted(chat, {seq, n})   n of them up to the line seq · unread.only(chats) forgets all others
     unread.of(chat) → n · unread.on("change", (chat) => …) · unread.waiting(n)
*/

import {bus} from "./bus.js";
import {live} from "./live.js";
import {isMine, page} from "./page.js";
import {isSaid} from "./said.js";
import {word} from "./words.js";

const BEFORE_TITLE = /^\(\d+\) /;

const line = bus();
// chat → {seq: counted up to there, n}
const known = new Map();
let waiting = 0;

export const unread = {
  on: line.on,
  of: (chat) => known.get(chat)?.n ?? 0,
  counted(chat, {seq, n}) {
    const before = known.get(chat);
    if (!before || seq >= before.seq) set(chat, {seq, n});
  },
  only(chats) {
    for (const chat of known.keys()) if (!chats.has(chat)) known.delete(chat);
    show();
  },
  waiting(n) {
    waiting = n;
    show();
  },
  show,
};

function set(chat, count) {
  known.set(chat, count);
  line.emit("change", chat);
  show();
}

function add({chat, seq, kind, side}) {
  const head = live.heads.get(chat);
  const {seq: counted, n} = known.get(chat) ?? {seq: 0, n: 0};
  if (!isMine(head) || seq <= counted) return;
  const isUnread = isSaid(kind) && side === page.other && seq > head.read[page.side];
  set(chat, {seq, n: n + Number(isUnread)});
}

function read({head}) {
  const count = known.get(head.chat);
  if (count?.n && isMine(head) && head.read[page.side] >= count.seq) set(head.chat, {...count, n: 0});
}

function show() {
  const all = waiting + [...known.values()].reduce((sum, {n}) => sum + n, 0);
  const title = document.title.replace(BEFORE_TITLE, "");
  document.title = all ? `(${all}) ${title}` : title;
  const badge = document.querySelector('[data-badge="chats"]');
  if (badge.dataset.n === String(all)) return;
  badge.dataset.n = all;
  badge.replaceChildren();
  if (!all) return;
  const hidden = document.createElement("span");
  hidden.className = "hd-sr";
  hidden.textContent = ` ${word("unread_or_waiting")}`;
  badge.append(String(all), hidden);
}

export function startUnread() {
  live.on("event", add);
  live.on("head", read);
}
