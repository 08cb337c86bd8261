/* What was said before: fifty lines at a time, when the reader comes to the top or asks. Nothing moves meanwhile. */

import {dressAll, fromServer, prepare, rowsOf} from "./rows.js";
import {say} from "./say.js";
import {word} from "./words.js";

const NEAR_TOP_PX = 80;
const WITHIN_MS = 10_000;

export function startHistory(thread) {
  const {log, list, signal} = thread;
  let isLoading = false;

  const load = async () => {
    const earlier = list.querySelector("[data-earlier]");
    if (isLoading || !earlier) return;
    isLoading = true;
    log.setAttribute("aria-busy", "true");
    try {
      putAbove(thread, earlier, await fetchBefore(thread));
    } catch {
      say(word("earlier_failed"));
    }
    log.removeAttribute("aria-busy");
    isLoading = false;
  };

  // On a page that scrolls as a whole nothing is loaded by itself: there the top is where one begins to read.
  log.addEventListener("scroll", () => log.scrollTop < NEAR_TOP_PX && load(), {signal, passive: true});
  list.addEventListener("click", ({target}) => target.closest("[data-earlier]") && load(), {signal});
}

async function fetchBefore(thread) {
  const [first] = rowsOf(thread.list);
  const place = `${first.dataset.chat}:${first.dataset.seq}`;
  const signal = AbortSignal.any([thread.signal, AbortSignal.timeout(WITHIN_MS)]);
  const answer = await fetch(`${thread.root.dataset.history}?before=${place}`, {signal, redirect: "error"});
  if (!answer.ok) throw new Error(`history: ${answer.status}`);
  return answer.text();
}

function putAbove(thread, earlier, html) {
  const {log, list} = thread;
  const content = fromServer(html);
  const hadFocus = earlier.contains(document.activeElement);
  const [first] = rowsOf(list);
  // The words themselves: the name above them may go, when the line turns out to continue a group.
  const words = first.querySelector(".hd-bubble, .hd-said");
  const before = words.getBoundingClientRect().top;
  content.querySelectorAll(".hd-event").forEach((row) => prepare(thread, row, {isOld: true}));
  // The browser's own anchoring would move it a second time.
  log.style.overflowAnchor = "none";
  earlier.replaceWith(content);
  dressAll(list);
  log.scrollTop += words.getBoundingClientRect().top - before;
  requestAnimationFrame(() => {
    log.style.overflowAnchor = "";
  });
  if (hadFocus) (list.querySelector("[data-earlier] button") ?? log).focus({preventScroll: true});
}
