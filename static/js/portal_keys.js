/* The keys that work on every page: F8 and Shift F8 answer the request on top, while typing too; Alt with arrows goes
   through my chats; F6 through the parts of the page; Ctrl K goes to the search, that of tickets where the page has none;
   ? shows them all. Escape never ends or declines anything. */

import {answerTop} from "./portal_rings.js";
import {order} from "./portal_rows.js";

const PARTS = [".hd-rail", ".hd-top", "#rings", "#chat-list", "#main", "#context"];
const CAN_FOCUS = 'a[href], button:not(:disabled), input:not(:disabled), textarea:not(:disabled), [tabindex="0"]';

export function startKeys() {
  // Who came from another page by Ctrl K.
  if (location.hash === "#search") search();
  document.addEventListener("keydown", (event) => {
    const act = actOf(event);
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function actOf(event) {
  const {key, altKey, shiftKey, ctrlKey, metaKey, isComposing} = event;
  if (isComposing) return null;
  if ((ctrlKey || metaKey) && key === "k" && !altKey) return search;
  if (ctrlKey || metaKey) return null;
  if (key === "F8" && !altKey) return event.repeat ? null : () => answerTop(shiftKey ? "decline" : "accept");
  if (key === "F6" && !altKey) return () => nextPart(shiftKey ? -1 : 1);
  if (altKey && key === "ArrowDown") return () => go(1, shiftKey);
  if (altKey && key === "ArrowUp" && !shiftKey) return () => go(-1, false);
  if (key === "?" && !altKey && !isTyping(event.target)) return showShortcuts;
  return null;
}

function search() {
  const field = document.getElementById("search");
  if (document.querySelector("dialog[open]")) return;
  if (!field) location.assign(document.body.dataset.search);
  field?.focus();
  field?.select();
}

const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

function showShortcuts() {
  const dialog = document.getElementById("shortcuts");
  if (dialog && !document.querySelector("dialog[open]")) dialog.showModal();
}

/** To the previous or the next of my chats, or to the next with something unread. */
function go(step, isUnreadOnly) {
  order();
  const rows = [...document.querySelectorAll("#my-chats [data-row]")];
  // Not by the mark in the list, which follows a moment later.
  const open = document.querySelector("#main[data-open]")?.dataset.open;
  const at = rows.findIndex((row) => row.dataset.chat === open);
  const ring = [...rows.slice(at + 1), ...rows.slice(0, Math.max(at, 0))];
  if (step < 0) ring.reverse();
  ring.find((row) => !isUnreadOnly || row.classList.contains("is-unread"))?.click();
}

function nextPart(step) {
  if (document.querySelector("dialog[open]")) return;
  const parts = PARTS.map((selector) => document.querySelector(selector)).filter((part) => part && firstIn(part));
  const at = parts.findLastIndex((part) => part.contains(document.activeElement));
  const next = parts[(at + step + parts.length) % parts.length] ?? parts[0];
  if (next) firstIn(next).focus();
}

/** Where one begins in a part: at the message in a thread, else at the first thing that takes the focus. */
function firstIn(part) {
  const message = part.id === "main" ? part.querySelector("#message") : null;
  const all = [...part.querySelectorAll(CAN_FOCUS)];
  return message ?? all.find((element) => element.checkVisibility({visibilityProperty: true}));
}
