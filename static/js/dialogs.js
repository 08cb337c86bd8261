/* Dialogs are <dialog> elements; the browser keeps the focus inside and gives it back.

   data-opens="id" opens one, data-closes="id" closes it, <form method="dialog"> in it closes it too. One that is empty
   opens by itself when htmx fills it, and is emptied when it is closed, which ends what its content had started.
   Esc closes; it never ends or declines anything.
*/

import {whenHere} from "./arrivals.js";

export function startDialogs() {
  document.addEventListener("click", ({target}) => {
    const opening = target.closest("[data-opens]");
    const closing = target.closest("[data-closes]");
    if (opening) show(document.getElementById(opening.dataset.opens));
    if (closing) document.querySelector(`dialog#${CSS.escape(closing.dataset.closes)}[open]`)?.close();
  });
  whenHere("dialog", (dialog) => {
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
  if (dialog && !dialog.open) dialog.showModal();
}
