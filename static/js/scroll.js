/* Where the reader is in a thread: the end stays in sight while it is, and otherwise a pill says what came below.

   Gives the thread `isAtEnd` and `toEnd()`, and tells the server how far was read: while the end is in sight, the page is
   shown, and its window has the focus.
*/

import {sawUpTo} from "./seen.js";
import {onTick} from "./tick.js";
import {word, words} from "./words.js";

export function startScroll(thread) {
  const {log, list, signal} = thread;
  const pill = thread.find("jump");
  let below = 0;

  thread.isAtEnd = isScroller(log);
  thread.toEnd = () => {
    if (isScroller(log)) log.scrollTop = log.scrollHeight;
    else thread.find("end").scrollIntoView({block: "nearest"});
  };
  thread.added = (row) => {
    if (!thread.isAtEnd && row.dataset.side === thread.other) below += 1;
    draw();
    read();
  };

  function draw() {
    pill.hidden = thread.isAtEnd || !isScroller(log);
    pill.textContent = below ? words("new_messages", below) : word("to_the_end");
  }

  function read() {
    if (thread.isAtEnd && !document.hidden && document.hasFocus()) sawUpTo(thread.chat, thread.last);
  }

  const sight = new IntersectionObserver(([entry]) => {
    thread.isAtEnd = entry.isIntersecting;
    if (thread.isAtEnd) below = 0;
    draw();
    read();
  }, {rootMargin: "0px 0px 40px 0px"});
  sight.observe(thread.find("end"));

  // New lines, a growing composer, a keyboard that opens: who was at the end stays there.
  const size = new ResizeObserver(() => thread.isAtEnd && isScroller(log) && thread.toEnd());
  size.observe(log);
  size.observe(list);

  pill.addEventListener("click", () => {
    thread.isAtEnd = true;
    thread.toEnd();
    log.focus({preventScroll: true});
  }, {signal});
  window.addEventListener("focus", read, {signal});
  onTick(read, {signal});
  signal.addEventListener("abort", () => {
    sight.disconnect();
    size.disconnect();
  });
}

/** In the console the log scrolls; on a ticket's page the page does. */
const isScroller = (log) => ["auto", "scroll"].includes(getComputedStyle(log).overflowY);
