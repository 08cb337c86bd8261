/* The name of a chat's ticket, in the field that stands beside the thread: Enter saves and so does leaving it, Escape
   restores, and the tick stays for two seconds. */

import {whenHere} from "./arrivals.js";
import {say} from "./say.js";
import {word} from "./words.js";

const SAVED_FOR_MS = 2000;

export const startNames = () => whenHere("form[data-ticket-name]", start);

function start(form) {
  const field = form.elements.title;
  if (form.classList.contains("is-saved")) {
    if (!form.classList.contains("is-said")) say(word("saved"));
    setTimeout(() => form.classList.remove("is-saved", "is-said"), SAVED_FOR_MS);
  }
  // What is on its way is not sent a second time by leaving the field.
  let sent = field.dataset.saved;
  const save = () => {
    const name = field.value.trim();
    if (!name) field.value = field.dataset.saved;
    if (!name || name === sent) return;
    sent = name;
    form.requestSubmit();
  };
  field.addEventListener("change", save);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      save();
    } else if (event.key === "Escape" && field.value !== sent) {
      // The key is used up: the drawer around it stays open.
      event.preventDefault();
      field.value = sent;
    }
  });
  // Not saved: the same name may be tried again.
  form.addEventListener("htmx:afterRequest", ({detail}) => {
    if (!detail.successful) sent = field.dataset.saved;
  });
  form.querySelector("[data-suggests]")?.addEventListener("click", ({target}) => {
    field.value = target.textContent;
    save();
    field.focus();
  });
}
