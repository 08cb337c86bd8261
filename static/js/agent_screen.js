/* The contact's page shows one screen at a time, #screen, for how the chat stands. The server draws them; this notices
   that another one is due, fetches it in the place of the one before, and says so.

     screen() → the element · onScreen((now, before) => …) after a change; `before` is null for the first one
     review() is what is shown still how it stands? · startScreens() last of all
*/

import {bus} from "./bus.js";
import {live} from "./live.js";
import {page} from "./page.js";
import {sayNow} from "./say.js";
import {onTick} from "./tick.js";

// Here somebody reads or writes on purpose: only news take them away.
const ON_PURPOSE = new Set(["tickets", "ticket", "new-ticket", "created", "reading", "identity", "token"]);
// A chat never goes back; what says so was late.
const STATES = ["requested", "active", "ended"];
const AGAIN_AFTER_MS = 2000;
const LEAVES_AFTER_MS = 300;

const {home} = document.body.dataset;
const line = bus();
// chat → the state that was told last
const told = new Map();
let shown = null;
let wanted = "";
let isFetching = false;
let presses = 0;
let triedAt = 0;
let wasAtTop = false;

export const screen = () => document.getElementById("screen");
export const onScreen = (listener) => line.on("change", ({now, before}) => listener(now, before));

export function startScreens() {
  live.on("head", ({head}) => take(head));
  live.on("opened", ({head}) => take(head));
  for (const type of ["hello", "beat", "poll"]) live.on(type, ({heads}) => missing(heads));
  live.on("event", ({chat, kind}) => kind.startsWith("ticket") && isOverHere(chat) && review());
  onTick(fetchWanted);
  document.body.addEventListener("htmx:beforeRequest", ({detail}) => count(detail, 1));
  document.body.addEventListener("htmx:afterRequest", ({detail}) => count(detail, -1));
  document.body.addEventListener("htmx:beforeSwap", stay);
  document.body.addEventListener("htmx:afterSwap", look);
  live.on("bye", leave);
  look();
}

function take(head) {
  const before = told.get(head.chat);
  told.set(head.chat, head.state);
  const {chat, state, screen: kind} = screen().dataset;
  if (Number(chat) === head.chat) {
    if (isLater(head.state, state) && kind !== "reading") go(addressOf(head));
  } else if (head.state !== "ended" && (!ON_PURPOSE.has(kind) || isNews(head, before))) {
    go(addressOf(head));
  }
}

const isLater = (state, than) => STATES.indexOf(state) > STATES.indexOf(than);

const isNews = (head, before) =>
  before ? before !== head.state : head.state === "requested" && head.asked_by === "technician";

/** An open chat that the server does not name any more has ended while nobody told. */
function missing(heads) {
  const {chat, state} = screen().dataset;
  if (chat && state !== "ended" && !heads.some((head) => head.chat === Number(chat))) go(`${page.chats}${chat}/`);
}

/** A chat with nobody known is out of sight when it has ended (D5): home says how it did. */
function addressOf({chat, state, contact, end_reason: reason}) {
  if (state === "ended" && contact === null) return `${home}?over=${reason}`;
  return `${page.chats}${chat}/`;
}

/** The screen of a chat that has ended names its ticket, which may open or be named after the end (S18). */
const isOverHere = (chat) => screen().dataset.screen === "ended" && screen().dataset.chat === String(chat);

export function review() {
  const {chat} = screen().dataset;
  if (chat) go(`${page.chats}${chat}/`);
}

function go(address) {
  wanted = address;
  triedAt = 0;
  fetchWanted();
}

/** One at a time, and never while a press of a button is on its way: its answer shows how things stand then. */
async function fetchWanted() {
  if (!wanted || isFetching || presses > 0 || Date.now() - triedAt < AGAIN_AFTER_MS) return;
  const address = wanted;
  const before = screen();
  isFetching = true;
  triedAt = Date.now();
  try {
    await window.htmx.ajax("GET", address, {source: document.body, target: "#screen", swap: "outerHTML"});
  } catch {
    // The server is away; the next tick tries again.
  }
  isFetching = false;
  if (screen() !== before && wanted === address) wanted = "";
  fetchWanted();
}

function count({requestConfig}, by) {
  if (requestConfig.verb === "get") return;
  presses += by;
  // Its answer is in its place by then.
  if (presses === 0) setTimeout(settle);
}

/** What was fetched before a button was pressed would take that button away, and with it the place for its answer. */
function stay({detail}) {
  if (detail.requestConfig.verb === "get" && presses > 0) detail.shouldSwap = false;
  wasAtTop = document.activeElement === screen().querySelector("h1");
}

function settle() {
  wanted = "";
  live.heads.forEach(take);
}

function look() {
  const now = screen();
  const before = shown;
  if (now === before) return;
  shown = now;
  know(now.dataset.knows);
  const isNew = before ? isOther(now, before) : now.dataset.focus || now.dataset.rings !== undefined;
  if (isNew) focus(now);
  else if (wasAtTop) now.querySelector("h1").focus();
  if (isNew && before) sayNow(now.dataset.news ?? now.querySelector("h1").textContent);
  line.emit("change", {now, before});
}

/** This page session is over. What a press of a button has just brought may be the next one's cookie: it is waited for. */
function leave() {
  if (presses > 0) setTimeout(leave, LEAVES_AFTER_MS);
  else location.replace(home);
}

/** `7:requested`: whoever comes from there to this screen is not taken back at once. */
function know(place) {
  const [chat, state] = (place ?? "").split(":");
  if (state) told.set(Number(chat), state);
}

const isOther = (now, before) =>
  ["screen", "chat", "state"].some((name) => now.dataset[name] !== before.dataset[name]) ||
  now.querySelector("[aria-invalid=true]") !== null;

/** What is wrong comes first, then the one thing to fill in (on a phone its keyboard would hide the rest), else the top. */
function focus(now) {
  const isPhone = matchMedia("(pointer: coarse)").matches;
  const field = now.dataset.focus && !isPhone ? now.querySelector(now.dataset.focus) : null;
  (now.querySelector("[aria-invalid=true]") ?? field ?? now.querySelector("h1")).focus();
}
