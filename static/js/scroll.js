/* Where the reader is in a thread: the end stays in sight while it is, and otherwise a pill says what came below.

   Gives the thread `isAtEnd` and `toEnd()`, and tells the server how far was read: while the end is in sight, the page
   is shown, and its window has the focus.
*/

import {sawUpTo} from "./seen.js";
import {onTick} from "./tick.js";
import {word, words} from "./words.js";

export function startScroll(thread) {
  const {log, signal} = thread;
  const pill = thread.find("jump");
  thread.isAtEnd = isScroller(log);
  thread.toEnd = () => goToEnd(thread);
  thread.added = (row) => {
    if (!thread.isAtEnd && row.dataset.side === thread.other) thread.below += 1;
    draw(thread, pill);
    read(thread);
  };
  pill.addEventListener("click", () => {
    thread.isAtEnd = true;
    thread.toEnd();
    log.focus({preventScroll: true});
  }, {signal});
  window.addEventListener("focus", () => read(thread), {signal});
  onTick(() => read(thread), {signal});
  watchEnd(thread, pill);
  watchSize(thread);
}

/** In the console the log scrolls; on a ticket's page the page does. */
const isScroller = (log) => ["auto", "scroll"].includes(getComputedStyle(log).overflowY);

function goToEnd({log, find}) {
  if (isScroller(log)) log.scrollTop = log.scrollHeight;
  else find("end").scrollIntoView({block: "nearest"});
}

function draw(thread, pill) {
  pill.hidden = thread.isAtEnd || !isScroller(thread.log);
  pill.textContent = thread.below ? words("new_messages", thread.below) : word("to_the_end");
}

function read(thread) {
  if (thread.isAtEnd && !document.hidden && document.hasFocus()) sawUpTo(thread.chat, thread.last);
}

function watchEnd(thread, pill) {
  const sight = new IntersectionObserver(([entry]) => {
    thread.isAtEnd = entry.isIntersecting;
    if (thread.isAtEnd) thread.below = 0;
    draw(thread, pill);
    read(thread);
  });
  sight.observe(thread.find("end"));
  thread.signal.addEventListener("abort", () => sight.disconnect());
}

/** New lines, a growing composer, a keyboard that opens: who was at the end stays there. */
function watchSize(thread) {
  const size = new ResizeObserver(() => thread.isAtEnd && isScroller(thread.log) && thread.toEnd());
  size.observe(thread.log);
  size.observe(thread.list);
  thread.signal.addEventListener("abort", () => size.disconnect());
}
