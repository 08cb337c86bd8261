/* What stands beside a thread where there is no room for it: a drawer, opened by the button ⓘ, closed by its cross, by
   Escape, or by going to another chat. And the ticket's name in it: Enter saves, Escape restores. */

import {whenHere} from "./arrivals.js";
import {say} from "./say.js";
import {word} from "./words.js";

const SAVED_FOR_MS = 2000;

const drawer = () => document.getElementById("context");
const opener = () => document.querySelector(".hd-open-context");

export function startContext() {
  document.body.addEventListener("click", ({target}) => {
    if (target.closest(".hd-open-context")) toggle(!drawer()?.classList.contains("is-open"));
    if (target.closest('[data-closes="context"]')) toggle(false);
  });
  document.addEventListener("keydown", closeByEscape);
  whenHere("form[data-ticket-name]", startName);
}

function toggle(isOpen) {
  const element = drawer();
  if (!element || element.classList.contains("is-open") === isOpen) return;
  element.classList.toggle("is-open", isOpen);
  opener()?.setAttribute("aria-expanded", String(isOpen));
  if (isOpen) element.querySelector('[data-closes="context"]')?.focus({preventScroll: true});
  else opener()?.focus({preventScroll: true});
}

function closeByEscape(event) {
  // Menus and dialogs close first, and keep the key for themselves.
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (!drawer()?.classList.contains("is-open")) return;
  event.preventDefault();
  toggle(false);
}

function startName(form) {
  const field = form.querySelector("[name=title]");
  if (form.classList.contains("is-saved")) {
    say(word("saved"));
    setTimeout(() => form.classList.remove("is-saved"), SAVED_FOR_MS);
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
    } else if (event.key === "Escape" && field.value !== field.dataset.saved) {
      event.preventDefault();
      field.value = field.dataset.saved;
    }
  });
  form.querySelector("[data-suggests]")?.addEventListener("click", ({target}) => {
    field.value = target.textContent;
    save();
    field.focus();
  });
}
