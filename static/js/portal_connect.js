/* *Connecting…*: the dialog of one's own request follows it live, and leads to the chat once it is accepted. Closing it
   changes nothing about the request; how that ends is then said at the top right. */

import {live} from "./live.js";
import {isMine, page} from "./page.js";
import {isNews} from "./portal_alerts.js";
import {notice} from "./portal_notices.js";
import {say} from "./say.js";

const APART_MS = 300;

const dialog = () => document.getElementById("dialog");
const shown = () => dialog().querySelector("[data-connecting]");
let timer = 0;
// The answer that came while the dialog was open, until it is shown in it.
let answer = null;
// Where somebody was in the steps before they were drawn anew.
let place = {};

export function startConnect() {
  dialog().addEventListener("htmx:beforeSwap", leave);
  dialog().addEventListener("htmx:afterSwap", opened);
  dialog().addEventListener("htmx:afterSettle", comeBack);
  dialog().addEventListener("close", closed);
  // Who chose to keep waiting in Chats is led nowhere by what was still on its way.
  dialog().addEventListener("htmx:beforeOnLoad", (event) => !dialog().open && event.preventDefault());
  dialog().addEventListener("hd:due", look);
  live.on("head", ({head, before}) => {
    if (shown()?.dataset.connecting === String(head.chat) && isFurther(head, before)) look();
  });
  live.on("event", hear);
  // S12: the chat goes on in the ticket's page that is open.
  document.body.addEventListener("hd:goes-on", () => {
    if (dialog().open) dialog().close();
  });
}

const isFurther = (head, before) =>
  !before || head.state !== before.state || head.shown_at !== before.shown_at || head.pages.contact !== before.pages.contact;

/** Each new step is said; and what was swapped in took the focused button away with it. */
function opened() {
  if (shown()?.dataset.over !== "0") answer = null;
  const step = dialog().querySelector('[aria-current="step"] b') ?? dialog().querySelector("#dialog-h");
  if (dialog().open) say(step?.textContent);
  if (dialog().open && !dialog().contains(document.activeElement)) dialog().querySelector("[autofocus]")?.focus();
}

function leave() {
  place = shown() ? {focus: document.activeElement.id, top: dialog().scrollTop} : {};
}

/** htmx goes to the heading each time. Somebody who waits with a finger on *Cancel request* finds it again there. */
function comeBack() {
  if (place.top === undefined || shown()?.dataset.over !== "0") return;
  const focused = document.getElementById(place.focus);
  if (dialog().contains(focused)) focused.focus({preventScroll: true});
  dialog().scrollTop = place.top;
}

function closed() {
  if (answer) tell(answer);
  answer = null;
}

function look() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const steps = shown();
    if (steps?.dataset.over === "0") {
      // Where the server is away, the next head or the end of the time asks again.
      window.htmx.ajax("GET", steps.dataset.src, {source: dialog(), target: "#dialog", swap: "innerHTML"}).catch(() => {});
    }
  }, APART_MS);
}

/** What came of a request whose dialog was closed, wherever the technician is by now. */
function hear(event) {
  const {chat, kind, side} = event;
  const head = live.heads.get(chat);
  const isAnswer = kind === "accepted" || (kind === "ended" && !head?.accepted_at);
  if (!isNews(event) || !isAnswer || !isMine(head) || head.asked_by !== "technician" || side === "technician") return;
  if (shown()?.dataset.connecting === String(chat)) answer = event;
  else if (!document.querySelector(`[data-open="${chat}"]`)) tell(event);
}

function tell({chat, kind, html}) {
  const template = document.createElement("template");
  template.innerHTML = html;
  notice({
    icon: kind === "accepted" ? "user-check" : "message-circle-off",
    // Without its moment, which is now.
    text: template.content.querySelector(".hd-said > span").textContent.replace(/\s*·\s*$/, ""),
    href: `${page.chats}${chat}/`,
  });
}
