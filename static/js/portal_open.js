/* What stands around an open thread, in the console and on a ticket's page: its header, its ticket, the place of the
   composer, and what is known beside it. The thread itself goes on by thread.js; these are fetched again when the chat
   changes hands or state, and whatever is being typed in them stays.

   The element says data-open (the chat), data-src (where it comes from) and data-ticket.
*/

import {whenHere} from "./arrivals.js";
import {live} from "./live.js";
import {makePart} from "./portal_part.js";
import {sayNow} from "./say.js";

const PIECES = ["chat-head", "ticket-bar", "foot", "context"];

// Kept for the page that opens: who accepted a request begins to write.
const ACCEPTED = "hd.accepted";
const canHover = matchMedia("(hover: hover)");

// When I pressed *End chat*; what ends soon after is my doing.
const MY_DOING_MS = 5000;
let endedAt = -Infinity;

export function startOpen() {
  whenHere("[data-open]", start);
  document.body.addEventListener("click", ({target}) => {
    if (target.closest("[data-end-chat]")) endedAt = performance.now();
    if (target.closest("[data-rename]")) toName();
    if (target.closest("[data-accept]")) sessionStorage.setItem(ACCEPTED, Date.now());
  });
}

/** Into the message, when the chat was opened by a hand that is free for the keyboard now. */
function beginToWrite(open) {
  const message = open.querySelector("#message");
  const isAccepted = Date.now() - Number(sessionStorage.getItem(ACCEPTED)) < MY_DOING_MS;
  if (!message || !canHover.matches) return;
  if (!isAccepted && !document.activeElement.matches("[data-row]")) return;
  sessionStorage.removeItem(ACCEPTED);
  message.focus({preventScroll: true});
}

function start(open) {
  const end = new AbortController();
  const {signal} = end;
  const chat = Number(open.dataset.open);
  const around = makePart({element: () => open, address: () => open.dataset.src, place: put});
  open.addEventListener("hd:state", around.ask, {signal});
  open.addEventListener("hd:due", around.ask, {signal});
  live.on("head", ({head, before}) => {
    if (head.chat !== chat) return;
    showPage(open, head);
    if (before && (head.ticket !== before.ticket || head.technician !== before.technician)) around.ask();
    if (before && head.contact !== before.contact) around.ask();
  }, {signal});
  // It stands among the files beside the thread.
  live.on("event", ({chat: its, kind}) => its === chat && kind === "file" && around.ask(), {signal});
  // On a ticket's page portal_ticket.js asks for both.
  const isInConsole = open.id === "main";
  live.on("ticket", ({number}) => isInConsole && String(number) === open.dataset.ticket && around.ask(), {signal});
  document.body.addEventListener("hd:look", around.ask, {signal});
  beginToWrite(open);
  return () => end.abort();
}

/** Whether the contact's page is open, in the header and beside the thread. */
function showPage(open, {pages}) {
  const untrue = pages.contact ? "closed" : "open";
  for (const root of [open, document.getElementById("context")]) {
    for (const words of root?.querySelectorAll("[data-page]") ?? []) words.hidden = words.dataset.page === untrue;
  }
  const dot = open.querySelector("[data-page-dot]");
  if (dot) dot.dataset.presence = pages.contact ? "on" : "off";
}

/** Puts what is new around the open chat into its places; nothing when the fragment is about another one. */
export function put(open, fragment) {
  const fresh = fragment.querySelector("[data-open]");
  if (fresh?.dataset.open !== open.dataset.open) return;
  for (const name of ["state", "mine", "ticket"]) carry(open, fresh, name);
  for (const id of PIECES) {
    const [here, there] = [document.getElementById(id), fragment.querySelector(`#${id}`)];
    if (here && there && !mustStay(here, there)) replace(here, there);
  }
}

function carry(open, fresh, name) {
  if (name in fresh.dataset) open.dataset[name] = fresh.dataset[name];
  else delete open.dataset[name];
}

function mustStay(here, there) {
  // The composer holds what is being written.
  if (here.id === "foot") return here.dataset.foot === "composer" && there.dataset.foot === "composer";
  const name = here.querySelector("#ticket-name");
  return Boolean(name) && name === document.activeElement && name.value !== name.dataset.saved;
}

function replace(here, there) {
  const wasComposer = here.dataset.foot === "composer";
  const isTyped = Boolean(here.querySelector("textarea")?.value);
  const hadFocus = here.contains(document.activeElement);
  const focused = hadFocus ? document.activeElement.id : "";
  if (here.classList.contains("is-open")) there.classList.add("is-open");
  if (here.querySelector("form.is-saved")) there.querySelector("[data-ticket-name]")?.classList.add("is-saved", "is-said");
  if (document.querySelector("#context.is-open")) {
    there.querySelector(".hd-open-context")?.setAttribute("aria-expanded", "true");
  }
  there.removeAttribute("hx-swap-oob");
  here.replaceWith(there);
  window.htmx.process(there);
  if (focused) document.getElementById(focused)?.focus({preventScroll: true});
  if (wasComposer && there.dataset.foot === "ended") ended(there, {hadFocus, isTyped});
}

/** The chat is over: say so, and lead who was in it to the ticket's name (S18). */
function ended(foot, {hadFocus, isTyped}) {
  const byMe = performance.now() - endedAt < MY_DOING_MS;
  if (!byMe) sayNow(foot.querySelector(".hd-closed p").textContent);
  const isNamed = Boolean(document.getElementById("ticket-name")?.value);
  // Words that are being typed, or about to be, must not become the ticket's name.
  if (hadFocus && !byMe && (isTyped || isNamed)) document.getElementById("log")?.focus({preventScroll: true});
  // The context comes after the foot, and the name is in it.
  else if (byMe || hadFocus) setTimeout(toName);
}

function toName() {
  const field = document.getElementById("ticket-name");
  if (field && !field.checkVisibility({visibilityProperty: true})) {
    document.querySelector(".hd-open-context")?.click();
  }
  if (field) {
    field.focus();
    field.select();
  } else {
    document.querySelector("#foot button")?.focus();
  }
}
