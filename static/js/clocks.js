/* Clocks that run towards a moment of the server's, or away from one. They say what the server's deadline says at each
   look and count nothing themselves.

   data-due-at="2026-11-24T10:20:10Z"   "1:05" into the [role=timer] inside, or into itself. A ring or a bar beside it
       (the last <circle pathLength="100"> or <rect>) shows how much is left of data-total-s, or of the first look.
       data-urgency is "soon" below a minute and "now" below half of one. At zero it dispatches `hd:due`, once.
   data-since="…"   how long: "0:45", "6 min"; with data-short "now", "4 m", "2 h".
*/

import {whenHere} from "./arrivals.js";
import {live} from "./live.js";
import {onTick} from "./tick.js";
import {age, lasted, left} from "./times.js";

const SOON_MS = 60_000;
const NOW_MS = 30_000;
// element → how long it had at the first look, and whether it was told to be due
const totals = new WeakMap();
const due = new WeakSet();

export function startClocks() {
  whenHere("[data-due-at]", drawDue);
  whenHere("[data-since]", drawSince);
  onTick(draw);
  // The first word of the server sets the clock right.
  live.on("hello", draw);
  live.on("beat", draw);
}

function draw() {
  document.querySelectorAll("[data-due-at]").forEach(drawDue);
  document.querySelectorAll("[data-since]").forEach(drawSince);
}

function drawDue(element) {
  const ms = Date.parse(element.dataset.dueAt) - live.now();
  if (Number.isNaN(ms)) return;
  put(element.querySelector("[role=timer]") ?? element, left(ms));
  setUrgency(element, ms);
  drawRest(element, ms);
  if (ms > 0 || due.has(element)) return;
  due.add(element);
  element.dispatchEvent(new CustomEvent("hd:due", {bubbles: true}));
}

function setUrgency(element, ms) {
  const urgency = ms < NOW_MS ? "now" : ms < SOON_MS ? "soon" : "";
  if (urgency) element.dataset.urgency = urgency;
  else delete element.dataset.urgency;
}

function drawRest(element, ms) {
  const shape = [...element.querySelectorAll("circle, rect")].at(-1);
  if (!shape) return;
  if (!totals.has(element)) totals.set(element, Number(element.dataset.totalS) * 1000 || ms);
  const percent = Math.min(100, Math.max(0, (100 * ms) / totals.get(element)));
  if (shape.localName === "rect") shape.setAttribute("width", `${percent.toFixed(1)}%`);
  else shape.setAttribute("stroke-dasharray", `${percent.toFixed(1)} 100`);
}

function drawSince(element) {
  const ms = live.now() - Date.parse(element.dataset.since);
  if (Number.isNaN(ms)) return;
  put(element, (element.hasAttribute("data-short") ? age : lasted)(Math.max(0, ms)));
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
