/* data-copies="id" on a button: puts the value of that field on the clipboard, and says so in the button. */

import {say} from "./say.js";
import {word} from "./words.js";

const SAID_FOR_MS = 3000;

export function startCopy() {
  document.addEventListener("click", ({target}) => {
    const button = target.closest?.("[data-copies]");
    if (button) copy(button, document.getElementById(button.dataset.copies));
  });
}

async function copy(button, field) {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // Not over plain HTTP from another machine: the field stays selected, for the keyboard.
    return;
  }
  const words = button.querySelector("span");
  const before = words.textContent;
  words.textContent = word("copied");
  say(word("copied"));
  setTimeout(() => { words.textContent = before; }, SAID_FOR_MS);
}
