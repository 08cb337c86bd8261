/* The warning before a quiet chat ends (S11): *Quiet for 4 minutes. Ends in 0:48. Keep it open*. */

import {live} from "./live.js";
import {say} from "./say.js";
import {sounds} from "./sounds.js";
import {onTick} from "./tick.js";
import {left} from "./times.js";
import {words} from "./words.js";

const SAID_AT_S = [60, 30, 10];

export function startQuiet(thread) {
  const bar = thread.find("quiet");
  const {idleAfterS, idleWarningS} = thread.root.dataset;
  const warning = {after: Number(idleAfterS) * 1000, from: Number(idleWarningS) * 1000};
  // The deadline that was warned of, and down to which second it was said.
  let warned = "";
  let said = Infinity;

  const look = () => {
    const head = thread.head();
    const ms = head?.state === "active" ? Date.parse(head.idle_due_at) - live.now() : NaN;
    bar.hidden = !(ms <= warning.from && ms > 0);
    if (bar.hidden) return;
    thread.find("quiet-left").textContent = left(ms);
    if (warned !== head.idle_due_at) begin(head.idle_due_at);
    announce(ms);
  };

  const begin = (deadline) => {
    warned = deadline;
    said = Infinity;
    const [before, after] = quietFor(warning.after - warning.from).split("{left}");
    thread.find("quiet-before").textContent = before;
    thread.find("quiet-after").textContent = after;
    if (thread.isAtEnd) thread.toEnd();
    sounds.play("warning");
  };

  const announce = (ms) => {
    const mark = SAID_AT_S.findLast((seconds) => ms <= seconds * 1000);
    if (mark === undefined || mark >= said) return;
    said = mark;
    say(words("ends_in", Math.ceil(ms / 1000)));
  };

  look();
  thread.on("head", look);
  onTick(look, {signal: thread.signal});
}

function quietFor(ms) {
  const seconds = Math.round(ms / 1000);
  return seconds % 60 ? words("quiet_seconds", seconds) : words("quiet_minutes", seconds / 60);
}
