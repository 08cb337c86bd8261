/* The greeting by the reader's own time of day: [data-greeting] with its sentences in data-morning and so on. */

import {whenHere} from "./arrivals.js";

const NOON = 12;
const EVENING = 18;

export const startGreeting = () => whenHere("[data-greeting]", greet);

function greet(heading) {
  const {morning, afternoon, evening} = heading.dataset;
  const hour = new Date().getHours();
  heading.textContent = hour < NOON ? morning : hour < EVENING ? afternoon : evening;
}
