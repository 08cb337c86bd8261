/* Where a message is written: <form data-composer data-chat> (templates/chat/_composer.html), started by thread.js.

   Enter sends, Shift Enter breaks the line, and neither while an input method is composing. What is written is kept as
   a draft from the first letter on.
*/

import {draft, goOn, keepDraft} from "./drafts.js";
import {outbox} from "./outbox.js";
import {tellTyping, typingEnded} from "./typing.js";
import {word} from "./words.js";

const COUNTED_FROM = 0.9;
const IME_KEY = 229;

export function startComposer(form) {
  const chat = Number(form.dataset.chat);
  const field = form.querySelector("textarea");
  const counter = form.parentElement.querySelector("[data-counter]");
  if (!field.value) field.value = draft(chat) || goOn(form.dataset.device);

  const changed = () => {
    keepDraft(chat, field.value);
    grow(field);
    count(field, counter);
  };
  changed();

  field.addEventListener("input", () => {
    changed();
    if (field.value.trim()) tellTyping(chat);
  });
  field.addEventListener("paste", (event) => warnOfCut(event, field, counter));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === IME_KEY) return;
    event.preventDefault();
    // A key that is held down sends once.
    if (!event.repeat) form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    field.focus();
    if (!field.value.trim()) return;
    const body = field.value;
    field.value = "";
    changed();
    typingEnded(chat);
    outbox.add(chat, body);
  });
}

/** Browsers without field-sizing do not grow a text box by themselves; the style sheet has the limit. */
function grow(field) {
  if (CSS.supports("field-sizing", "content")) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

function count(field, counter) {
  if (!counter) return;
  const most = field.maxLength;
  counter.hidden = field.value.length < most * COUNTED_FROM;
  if (!counter.hidden) counter.textContent = word("characters", {n: field.value.length, most});
}

/** The browser cuts what is too long without a word. */
function warnOfCut(event, field, counter) {
  const pasted = event.clipboardData?.getData("text/plain").replace(/\r\n/g, "\n").length ?? 0;
  const kept = field.value.length - (field.selectionEnd - field.selectionStart);
  if (!counter || kept + pasted <= field.maxLength) return;
  // After the input event, whose count this replaces.
  setTimeout(() => {
    counter.hidden = false;
    counter.textContent = word("cut", {most: field.maxLength});
  });
}
