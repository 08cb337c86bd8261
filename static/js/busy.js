/* What a press of a button looks like while htmx posts, and what is said when it could not be done.

   The pressed button gets aria-busy (the style sheet draws the wheel), keeps its width, and says data-busy="Accepting…"
   if it has one. A second press is not sent. On failure a sentence stands beside it until the next try; answers with
   404, 409 and 422 are shown by htmx and are not failures.

     const rest = keepBusy(button, "Sending the files…")   the same look for what is no request; rest() ends it
*/

import {part, word} from "./words.js";

// the element that asks → what lets its button rest
const pressed = new Map();
// the element that asked → what is said of its failure
const notes = new WeakMap();

export function startBusy() {
  document.addEventListener("htmx:beforeRequest", begin);
  document.addEventListener("htmx:afterRequest", end);
  document.addEventListener("htmx:sendError", (event) => fail(event, "failed_offline"));
  document.addEventListener("htmx:timeout", (event) => fail(event, "failed_offline"));
  document.addEventListener("htmx:responseError", ({detail}) => {
    const isSignedOut = detail.xhr.status === 401 || detail.xhr.status === 403;
    fail({detail}, isSignedOut ? "failed_signed_out" : "failed_server");
  });
  // A page that the browser kept for *Back* is at rest again.
  window.addEventListener("pageshow", ({persisted}) => persisted && [...pressed.keys()].forEach(rest));
}

const isPost = ({requestConfig}) => requestConfig.verb !== "get";

function buttonOf({elt, requestConfig}) {
  const submitter = requestConfig.triggeringEvent?.submitter;
  if (submitter) return submitter;
  return elt.matches("button") ? elt : elt.querySelector("button:not([type=button])");
}

function begin(event) {
  const {elt} = event.detail;
  if (!isPost(event.detail)) return;
  if (pressed.has(elt)) {
    event.preventDefault();
    return;
  }
  const button = buttonOf(event.detail);
  removeFailure(elt);
  if (!button) return;
  pressed.set(elt, keepBusy(button, button.dataset.busy));
}

export function keepBusy(button, words) {
  const label = labelOf(button);
  const before = label?.data;
  button.style.minWidth = `${button.getBoundingClientRect().width}px`;
  button.setAttribute("aria-busy", "true");
  if (words && label) label.data = words;
  return () => {
    button.removeAttribute("aria-busy");
    button.style.minWidth = "";
    if (label) label.data = before;
  };
}

/** The button's own words, without its icon and what is only for screen readers. */
function labelOf(button) {
  const words = document.createTreeWalker(button, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    if (words.currentNode.data.trim()) return words.currentNode;
  }
  return null;
}

function end({detail}) {
  rest(detail.elt);
}

function rest(elt) {
  pressed.get(elt)?.();
  pressed.delete(elt);
}

function fail({detail}, name) {
  if (!isPost(detail)) return;
  rest(detail.elt);
  removeFailure(detail.elt);
  const note = part("failed");
  note.querySelector("[data-said]").textContent = word(name);
  notes.set(detail.elt, note);
  put(detail.elt, note);
}

/** Beside the form or the row of buttons; inside a notice, which may go before the failure is mended. */
function put(elt, note) {
  const notice = elt.closest(".hd-notice");
  if (notice) notice.append(note);
  else (elt.closest("form, .hd-ring-acts, .hd-wait-acts, .hd-head-acts, .hd-dialog-foot") ?? elt).after(note);
}

function removeFailure(elt) {
  notes.get(elt)?.remove();
}
