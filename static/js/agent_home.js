/* The greeting by the reader's own time of day: [data-greeting] with its sentences in data-morning and so on; and home
   looks again, hd:people, when whether somebody can be asked may have changed.
*/

import {whenHere} from "./arrivals.js";
import {live} from "./live.js";

const NOON = 12;
const EVENING = 18;
// All pages on all devices hear it at once.
const SPREAD_MS = 1500;

export function startHome() {
  whenHere("[data-greeting]", greet);
  live.on("people", () => setTimeout(look, Math.random() * SPREAD_MS));
}

const look = () => document.body.dispatchEvent(new Event("hd:people"));

function greet(heading) {
  const {morning, afternoon, evening} = heading.dataset;
  const hour = new Date().getHours();
  heading.textContent = hour < NOON ? morning : hour < EVENING ? afternoon : evening;
}
