/* Short notices at the top right: they go by themselves after five seconds, or by their cross; one that the pointer or
   the focus is on stays.

     notice({icon, text, title, href})
*/

import {whenHere} from "./arrivals.js";
import {part} from "./words.js";

const SHOWN_MS = 5000;
const AT_MOST = 3;

const place = () => document.getElementById("notices");

export function startNotices() {
  document.body.addEventListener("click", ({target}) => {
    if (target.closest("[data-dismiss]")) target.closest("[data-notice]")?.remove();
  });
  whenHere("[data-notice]", (element) => {
    const timer = setInterval(() => !isHeld(element) && element.remove(), SHOWN_MS);
    const all = document.querySelectorAll("[data-notice]");
    if (all.length > AT_MOST) all[0].remove();
    return () => clearInterval(timer);
  });
}

const isHeld = (element) => element.matches(":hover") || element.contains(document.activeElement);

export function notice({icon, text, title = "", href = ""}) {
  const element = part("notice");
  const use = element.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*$/, `#${icon}`));
  element.querySelector("[data-title]").textContent = title;
  const words = element.querySelector("[data-said]");
  if (href) {
    words.append(Object.assign(document.createElement("a"), {href, textContent: text, className: "hd-quiet"}));
  } else {
    words.textContent = text;
  }
  place().append(element);
}
