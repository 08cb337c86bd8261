/* The cards of who waits, at the top right of every page: fetched when the requests that ring for me change, sounding
   until they are answered, and shown to the server once they are really on the screen.

   A card never takes the focus. Its buttons can be pressed only after it has stood still for a moment, so that nobody
   answers what just moved under the hand.
*/

import {live} from "./live.js";
import {notify} from "./notify.js";
import {page} from "./page.js";
import {sayNow} from "./say.js";
import {sounds} from "./sounds.js";
import {makePart} from "./portal_part.js";
import {notice} from "./portal_notices.js";
import {unread} from "./portal_unread.js";
import {word} from "./words.js";

const STILL_MS = 400;

const element = () => document.getElementById("rings");
const cards = () => [...element().querySelectorAll("[data-ring]")];
const idOf = ({dataset}) => Number(dataset.chat);

const part = makePart({element, address: () => element().dataset.src, place});
// The requests that ring for me, as the server said last; those whose card was told of, and was seen.
let ringing = new Set();
const announced = new Set();
const seen = new Set();
// Which card stood where, when each came to its place, and what the server sent for it.
let places = [];
const movedAt = new WeakMap();
const sources = new WeakMap();

export function startRings() {
  live.on("rings", ({rings, over}) => {
    if (over) isOver(over);
    ring(new Set(rings));
  });
  live.on("people", part.ask);
  live.on("hello", () => {
    // A new server, or one that never heard: showing it again does no harm.
    seen.clear();
    tellSeen();
  });
  document.body.addEventListener("hd:look", part.ask);
  element().addEventListener("hd:due", part.ask);
  document.addEventListener("visibilitychange", tellSeen);
  part.ask();
}

function ring(now) {
  const isSame = now.size === ringing.size && [...now].every((chat) => ringing.has(chat));
  ringing = now;
  const isShown = cards().every((card) => now.has(idOf(card))) && cards().length === Math.min(now.size, 3);
  if (!isSame || !isShown) part.ask();
  if (!document.querySelector("[data-console]")) unread.waiting(now.size);
}

function isOver({chat, words}) {
  document.getElementById(`ring-${chat}`)?.remove();
  holdMoved();
  notice({icon: "check", text: words});
  sayNow(words);
}

/** Cards that were there stay the same elements, so that nothing blinks; whatever moved is held for a moment. */
function place(into, fragment) {
  for (const card of fragment.querySelectorAll("[data-ring]")) {
    const html = card.innerHTML;
    const there = document.getElementById(card.id);
    if (there && sources.get(there) !== html) there.replaceChildren(...card.childNodes);
    if (there) card.replaceWith(there);
    sources.set(there ?? card, html);
  }
  into.replaceChildren(fragment);
  holdMoved();
  announce();
  tellSeen();
  count();
}

/** Where there is no list of chats on the page, their unread words are counted here. */
function count() {
  const counts = element().querySelector("[data-unread-counts]")?.dataset.unreadCounts ?? "";
  for (const entry of counts.trim().split(/\s+/).filter(Boolean)) {
    const [chat, seq, n] = entry.split(":").map(Number);
    unread.counted(chat, {seq, n});
  }
}

function holdMoved() {
  cards().forEach((card, at) => {
    if (places[at] !== card.id) movedAt.set(card, performance.now());
    hold(card);
  });
  places = cards().map(({id}) => id);
}

function hold(card) {
  const restMs = STILL_MS - (performance.now() - movedAt.get(card));
  for (const button of card.querySelectorAll(".hd-ring-acts button")) button.disabled = restMs > 0;
  if (restMs > 0) setTimeout(hold, restMs, card);
}

function announce() {
  const there = new Set(cards().map(idOf));
  sounds.ring(there.size > 0);
  for (const chat of announced) {
    if (there.has(chat)) continue;
    announced.delete(chat);
    notify.drop(chat);
  }
  for (const card of cards()) {
    if (!announced.has(idOf(card))) tell(card);
  }
}

function tell(card) {
  const {name, words, chat} = card.dataset;
  announced.add(idOf(card));
  sayNow(word("ring_said", {name, words}));
  notify.show({chat: idOf(card), title: word("ring_title", {name}), text: words, url: `${page.chats}${chat}/`});
}

function tellSeen() {
  if (document.hidden) return;
  for (const card of cards()) {
    if (!seen.has(idOf(card)) && live.send({type: "shown", chat: idOf(card)})) seen.add(idOf(card));
  }
}

/** F8 and Shift F8: the card on top, once its buttons can be pressed. */
export function answerTop(name) {
  cards()[0]?.querySelector(`[data-${name}]:not(:disabled)`)?.click();
}
