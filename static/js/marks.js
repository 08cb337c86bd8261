/* *Delivered* and *Read*, each under the last of one's own messages of which the other side has said so. */

import {rowsOf} from "./rows.js";
import {isSaid} from "./said.js";
import {part} from "./words.js";

export function startMarks(thread) {
  const look = () => draw(thread);
  look();
  thread.on("head", look);
  thread.on("event", look);
}

function draw(thread) {
  const head = thread.head();
  const wanted = head ? marked(thread, head) : new Map();
  for (const mark of thread.list.querySelectorAll("[data-mark=delivered], [data-mark=read]")) {
    const row = mark.closest(".hd-event");
    if (wanted.get(row) === mark.dataset.mark) wanted.delete(row);
    else mark.remove();
  }
  wanted.forEach((name, row) => row.append(part(`mark-${name}`)));
}

/** Which line bears which mark. */
function marked(thread, head) {
  const wanted = new Map();
  const own = rowsOf(thread.list).filter((row) => isSaidByMe(thread, row));
  for (const [name, seq] of [["delivered", head.delivered[thread.other]], ["read", head.read[thread.other]]]) {
    const row = own.findLast(({dataset}) => Number(dataset.seq) <= seq);
    if (row) wanted.set(row, name);
  }
  return wanted;
}

const isSaidByMe = (thread, {dataset}) =>
  Number(dataset.chat) === thread.chat && isSaid(dataset.kind) && dataset.side === thread.side && dataset.seq;
