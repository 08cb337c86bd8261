/* What is shown in place. A picture of the thread, large: <a data-large="name" href> opens it over the page, with its name, the way to save it
   and *Close*. Esc and a press beside the picture close it too; the focus goes back to the small one. A small one that
   cannot be loaded shows its name; a large one, and a film that this browser cannot play, give way to words that say so.
   What failed may have been the line, and Firefox does not tell one from the other: a film gets a second chance.
*/

import {part, word} from "./words.js";

const AGAIN_AFTER_MS = 3000;

export function startViewer() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-large]");
    // With a key held it is an ordinary link.
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    show(link);
  });
  // It does not bubble.
  document.addEventListener("error", ({target}) => fail(target), true);
}

function fail(element) {
  if (element.error && !("again" in element.dataset)) {
    element.dataset.again = "";
    setTimeout(() => element.load(), AGAIN_AFTER_MS);
    return;
  }
  // A line that was cut is no fault of the film.
  const isCut = element.error?.code === MediaError.MEDIA_ERR_NETWORK;
  if (!isCut) element.closest?.("[data-large], .hd-file")?.classList.add("is-broken");
  const dialog = element.closest?.(".hd-viewer");
  if (!dialog) return;
  element.hidden = true;
  dialog.querySelector("[data-unshown]").hidden = false;
}

function show(link) {
  const name = link.dataset.large;
  const dialog = part("viewer");
  dialog.querySelector("[data-name]").textContent = name;
  const save = dialog.querySelector("[data-save]");
  Object.assign(save, {href: link.href, download: name});
  save.setAttribute("aria-label", word("download", {name}));
  const picture = dialog.querySelector("img");
  Object.assign(picture, {src: link.href, alt: name});
  dialog.addEventListener("click", ({target}) => {
    if (target === dialog || target.closest("[data-close]") || target.matches("[data-beside]")) dialog.close();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
