/* The first day in the console is drawn anew when something that its steps speak of has changed. The element says
   data-first-day and data-src; when the day is over, something else comes in its place. */

import {whenHere} from "./arrivals.js";
import {live} from "./live.js";
import {makePart} from "./portal_part.js";

const TOKEN = "[name=csrfmiddlewaretoken]";
const HEARD = ["hd:people", "hd:me", "hd:device", "hd:look", "hd:list"];

export function startFirstDay() {
  whenHere("[data-first-day]", start);
}

function start(day) {
  const end = new AbortController();
  const part = makePart({element: () => day, address: () => day.dataset.src, place});
  for (const name of HEARD) document.body.addEventListener(name, part.ask, {signal: end.signal});
  live.on("me", part.ask, {signal: end.signal});
  return () => end.abort();
}

function place(day, fragment) {
  const fresh = fragment.querySelector("main");
  if (!fresh) return;
  // Written otherwise each time, and the same.
  fresh.querySelector(TOKEN)?.setAttribute("value", day.querySelector(TOKEN)?.value);
  if (fresh.isEqualNode(day)) return;
  // The same element stays: what is heard meanwhile is heard by it.
  if ("firstDay" in fresh.dataset) day.replaceChildren(...fresh.childNodes);
  else day.replaceWith(fresh);
}
