/* Whether the page is connected: the bar [data-connection-bar], and the word at [data-connection] in the rail.

   Nothing below two seconds, then *Reconnecting…*, after twenty *No connection* with *Try now*, and *Connected again*
   for three seconds. Writing goes on in all of them. When the page was closed by the server, its words stay.
*/

import {live} from "./live.js";
import {outbox} from "./outbox.js";
import {say} from "./say.js";
import {onTick} from "./tick.js";
import {part, word, words} from "./words.js";

const QUIET_FOR_MS = 2000;
const BACK_FOR_MS = 3000;
const LOOKS = {reconnecting: "is-warn", offline: "is-bad", back: "is-ok", over: "is-bad"};
const DOTS = {live: "is-ok", reconnecting: "is-warn", offline: "is-bad"};

let stage = "";
let said = "";
let goodbye = "";
let backAt = -Infinity;

export function startBar() {
  live.on("state", look);
  live.on("bye", (frame) => {
    goodbye = frame.words;
    look();
  });
  outbox.on("change", look);
  onTick(look);
  document.addEventListener("click", ({target}) => {
    if (target.closest?.("[data-try-now]")) live.retry();
  });
}

function look() {
  const next = stageNow();
  if (next === "" && (stage === "reconnecting" || stage === "offline")) {
    backAt = Date.now();
    say(word("back"));
    show("back");
  } else {
    show(next);
  }
}

function stageNow() {
  if (goodbye) return "over";
  if (live.state === "live") return Date.now() - backAt < BACK_FOR_MS ? "back" : "";
  if (live.state === "offline") return "offline";
  return Date.now() - live.downSince < QUIET_FOR_MS ? "" : "reconnecting";
}

function show(next) {
  const text = wordsOf(next);
  if (next === stage && text === said) return;
  [stage, said] = [next, text];
  // What is said of the other side's page is old news meanwhile (parts.css).
  document.documentElement.toggleAttribute("data-cut-off", !["", "back"].includes(stage));
  document.querySelectorAll("[data-connection-bar]").forEach(draw);
  document.querySelectorAll("[data-connection]").forEach(drawWord);
}

function wordsOf(next) {
  if (next === "over") return goodbye;
  return next === "offline" ? words("kept", outbox.count()) : "";
}

function draw(bar) {
  bar.hidden = stage === "";
  bar.classList.remove(...Object.values(LOOKS));
  bar.replaceChildren();
  if (bar.hidden) return;
  bar.classList.add(LOOKS[stage]);
  const piece = part(`bar-${stage}`);
  const place = piece.querySelector("[data-said]");
  if (place) place.textContent = said;
  bar.append(...piece.childNodes);
}

function drawWord(element) {
  const state = stage === "" || stage === "back" ? "live" : stage === "over" ? "offline" : stage;
  element.dataset.connection = state;
  element.querySelector("[data-connection-word]").textContent = word(state);
  const dot = element.querySelector(".hd-dot");
  dot.classList.remove(...Object.values(DOTS));
  dot.classList.add(DOTS[state]);
}
