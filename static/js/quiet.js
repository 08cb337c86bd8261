/* The warning before a quiet chat ends (S11): *Quiet for 4 minutes. Ends in 0:48. Keep it open*. */

import {live} from "./live.js";
import {say} from "./say.js";
import {sounds} from "./sounds.js";
import {onTick} from "./tick.js";
import {left} from "./times.js";
import {words} from "./words.js";

const SAID_AT_S = [60, 30, 10];

export function startQuiet(thread) {
  // Of which deadline was warned, and how many seconds before it that was said last.
  const warning = {of: "", saidAt: Infinity};
  const look = () => draw(thread, warning);
  look();
  thread.on("head", look);
  onTick(look, {signal: thread.signal});
}

function draw(thread, warning) {
  const bar = thread.find("quiet");
  const ms = msLeft(thread.head());
  bar.hidden = !(ms > 0 && ms <= Number(thread.root.dataset.idleWarningS) * 1000);
  if (bar.hidden) return;
  thread.find("quiet-left").textContent = left(ms);
  begin(thread, warning);
  announce(warning, ms);
}

/** Until the end of a chat that goes on; nothing that compares for any other. */
const msLeft = (head) => (head?.state === "active" ? Date.parse(head.idle_due_at) - live.now() : NaN);

function begin(thread, warning) {
  const deadline = thread.head().idle_due_at;
  if (warning.of === deadline) return;
  Object.assign(warning, {of: deadline, saidAt: Infinity});
  const {idleAfterS, idleWarningS} = thread.root.dataset;
  const [before, after] = quietFor(idleAfterS - idleWarningS).split("{left}");
  thread.find("quiet-before").textContent = before;
  thread.find("quiet-after").textContent = after;
  sounds.play("warning");
}

function quietFor(seconds) {
  return seconds % 60 ? words("quiet_seconds", seconds) : words("quiet_minutes", seconds / 60);
}

function announce(warning, ms) {
  const mark = SAID_AT_S.findLast((seconds) => ms <= seconds * 1000);
  if (mark === undefined || mark >= warning.saidAt) return;
  warning.saidAt = mark;
  say(words("ends_in", Math.ceil(ms / 1000)));
}
