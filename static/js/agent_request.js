/* What a screen says of its chat besides the state: how many technicians see my request, that a technician's is really on
   the screen, and whether the technician's page is open.

   [data-seen-by] has its sentences in data-none, data-one and data-many; [data-page-dot] is the dot of presence, and
   [data-page=open] and [data-page=closed] are its words.
   What counts down to the end tells its end with `hd:due` (clocks.js): the screen is looked at again, and what stands in
   [data-until] makes room for [data-afterwards] beside it.
*/

import {onScreen, review, screen} from "./agent_screen.js";
import {live} from "./live.js";

// The server's clock decides; a little later it has.
const AFTER_DUE_MS = 700;

let told = 0;

export function startRequest() {
  live.on("head", ({head}) => {
    const {chat} = screen().dataset;
    if (head.chat !== Number(chat)) return;
    sayHowMany(head.seen_by);
    sayWhoIsHere(head.pages.technician);
  });
  onScreen(tellShown);
  live.on("hello", () => {
    told = 0;
    tellShown();
  });
  document.addEventListener("visibilitychange", tellShown);
  document.addEventListener("hd:due", ({target}) => {
    if (screen().dataset.state === "requested") setTimeout(review, AFTER_DUE_MS);
    const until = target.closest("[data-until]");
    if (!until) return;
    until.hidden = true;
    until.parentElement.querySelector("[data-afterwards]").hidden = false;
  });
}

function sayHowMany(n) {
  const place = screen().querySelector("[data-seen-by]");
  if (!place) return;
  const {none, one, many} = place.dataset;
  place.textContent = n === 0 ? none : n === 1 ? one : many.replace("{n}", n);
}

function sayWhoIsHere(isHere) {
  const dot = screen().querySelector("[data-page-dot]");
  if (!dot) return;
  dot.dataset.presence = isHere ? "on" : "off";
  for (const words of screen().querySelectorAll("[data-page]")) words.hidden = words.dataset.page === (isHere ? "closed" : "open");
}

/** N5: the technician reads that the page shows the request, and that is only said when somebody could see it. */
function tellShown() {
  const {screen: kind, chat} = screen().dataset;
  if (kind !== "asked" || document.hidden || told === Number(chat)) return;
  if (live.send({type: "shown", chat: Number(chat)})) told = Number(chat);
}
