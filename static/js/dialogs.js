/* Dialogs are <dialog> elements; the browser keeps the focus inside and gives it back.

   data-opens="id" opens one, data-closes="id" closes it, <form method="dialog"> in it closes it too. One that is empty
   opens by itself when htmx fills it, and is emptied when it is closed, which ends what its content had started.
   Esc closes; it never ends or declines anything. Where what opened it was put anew meanwhile, the focus goes to that.
*/

import {whenHere} from "./arrivals.js";

// dialog → what had the focus when it was opened
const openers = new WeakMap();

export function startDialogs() {
  document.addEventListener("click", ({target}) => {
    const opening = target.closest("[data-opens]");
    const closing = target.closest("[data-closes]");
    if (opening) show(document.getElementById(opening.dataset.opens));
    if (closing) document.querySelector(`dialog#${CSS.escape(closing.dataset.closes)}[open]`)?.close();
  });
  whenHere("dialog", (dialog) => {
    dialog.addEventListener("close", () => giveBack(dialog));
    if (dialog.childElementCount) return;
    dialog.addEventListener("htmx:afterSwap", ({target}) => {
      if (target === dialog || dialog.contains(target)) follow(dialog);
    });
    dialog.addEventListener("close", () => dialog.replaceChildren());
  });
}

function follow(dialog) {
  if (dialog.childElementCount) show(dialog);
  else if (dialog.open) dialog.close();
}

function show(dialog) {
  if (!dialog || dialog.open) return;
  openers.set(dialog, document.activeElement);
  dialog.showModal();
}

/** The browser gives it to the very element, which may be gone: its successor has the same id. */
function giveBack(dialog) {
  const opener = openers.get(dialog);
  if (opener?.id && !opener.isConnected) document.getElementById(opener.id)?.focus();
}
