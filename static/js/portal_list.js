/* The list of the console as a whole: fetched again when chats come, go or change hands; portal_rows.js keeps its lines
   up to date in between. On a phone the same chats stand as a strip above the thread. */

import {whenHere} from "./arrivals.js";
import {live} from "./live.js";
import {isMine} from "./page.js";
import {makePart} from "./portal_part.js";
import {isUnderPointer, order} from "./portal_rows.js";
import {unread} from "./portal_unread.js";

const element = () => document.getElementById("chat-list");
const openChat = () => document.querySelector("#main[data-open]")?.dataset.open ?? "";

const list = makePart({element, address: () => element() && `${element().dataset.src}?open=${openChat()}`, place});

function place(into, fragment) {
  if (isUnderPointer()) keepOrder(into, fragment);
  into.replaceChildren(fragment);
  settle();
}

function settle() {
  order();
  unread.only(new Set([...document.querySelectorAll("[data-row]")].map(({dataset}) => Number(dataset.chat))));
  unread.waiting(document.querySelectorAll("[data-wait]").length);
}

/** Lines that are there stay where they are, and new ones come after them, until the pointer leaves. */
function keepOrder(into, fragment) {
  const there = [...into.querySelectorAll("#my-chats [data-row]")].map(({id}) => id);
  const fresh = fragment.querySelector("#my-chats");
  if (!fresh) return;
  const placeOf = (item) => {
    const at = there.indexOf(item.querySelector("[data-row]").id);
    return at < 0 ? there.length : at;
  };
  fresh.append(...[...fresh.children].sort((one, other) => placeOf(one) - placeOf(other)));
}

/** Chats that came or went while nobody told: the heartbeat names those that are mine. */
function compare() {
  const mine = [...live.heads.values()].filter((head) => isMine(head) && head.state !== "ended");
  const shown = [...document.querySelectorAll('[data-row]:not([data-state="ended"])')];
  const wanted = new Set(mine.map((head) => `${head.chat} ${head.state}`));
  const there = new Set(shown.map(({dataset}) => `${dataset.chat} ${dataset.state}`));
  const isSame = wanted.size === there.size && [...wanted].every((chat) => there.has(chat));
  if (!isSame) list.ask();
}

function compareRings({rings}) {
  const there = [...document.querySelectorAll("[data-wait]")].map(({dataset}) => Number(dataset.chat));
  const isSame = rings.length === there.length && rings.every((chat) => there.includes(chat));
  if (!isSame || isSilent()) list.ask();
}

/** Who is *Unavailable* is told of no rings, and looks now and then. */
const isSilent = () => document.querySelector(".hd-profile")?.dataset.availability === "unavailable";

export function startList() {
  if (!element()) return;
  live.on("people", list.ask);
  live.on("rings", compareRings);
  for (const type of ["hello", "beat", "poll"]) live.on(type, compare);
  document.body.addEventListener("hd:look", list.ask);
  document.body.addEventListener("hd:list", list.ask);
  // A clock in it ran out: what it stood for is over.
  document.addEventListener("hd:due", ({target}) => element().contains(target) && list.ask());
  whenHere("#chat-list", settle);
  whenHere("#main", markOpen);
  whenHere("[data-strip]", drawStrip);
  whenHere("#my-chats", drawStrips);
  unread.on("change", drawStrips);
}

function markOpen() {
  document.body.dataset.pane = openChat() ? "thread" : "list";
  for (const row of document.querySelectorAll("[data-row]")) {
    if (row.dataset.chat === openChat()) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

const drawStrips = () => document.querySelectorAll("[data-strip]").forEach(drawStrip);

function drawStrip(strip) {
  const rows = [...document.querySelectorAll("#my-chats [data-row]")];
  strip.hidden = rows.length < 2;
  strip.replaceChildren(...rows.map(asFace));
  window.htmx.process(strip);
  strip.querySelector("[aria-current]")?.scrollIntoView({block: "nearest", inline: "center"});
}

function asFace(row) {
  const face = document.createElement("a");
  for (const name of ["href", "hx-get", "hx-target", "hx-swap", "hx-push-url"]) {
    face.setAttribute(name, row.getAttribute(name));
  }
  if (row.dataset.chat === openChat()) face.setAttribute("aria-current", "true");
  const copies = [".hd-person", "[data-said]", ".is-unread [data-count]"].map((part) => row.parentElement.querySelector(part));
  const [person, said, count] = copies.map((part) => part?.cloneNode(true) ?? "");
  face.append(person, row.dataset.first, said, count);
  return face;
}
