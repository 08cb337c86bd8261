// The admin: what Django's own scripts leave out.

// Select2 puts a box of its own in the place of a select and does not name it: who cannot see the label beside it
// would not know what it is for. jQuery calls in the order in which it was asked, so the box is there by then.
globalThis.django?.jQuery(() => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const shown = document.getElementById(`select2-${select.id}-container`);
    const label = select.labels[0]?.textContent.trim() ?? "";
    shown?.setAttribute("aria-label", label);
    shown?.parentElement.removeAttribute("aria-labelledby");
    shown?.parentElement.setAttribute("aria-label", label);
  }
});
