/* Menus and drawers, both disclosures: a button with aria-expanded and aria-controls, and what it opens.

   A menu stands in .hd-drop beside its button and is [hidden] while closed. A drawer is .hd-context, moved in by the
   class is-open. Esc closes the innermost and gives the focus back, a press outside closes menus, the arrows move
   through a menu's items; data-closes="id" closes what has this id. A menu closes too when one of its items has done
   what it says, and its button has the focus again before a dialog takes it.
*/

const OPENER = "button[aria-expanded][aria-controls]";
const ITEM = ".hd-menu-item";

export function startMenus() {
  document.addEventListener("click", click);
  document.addEventListener("keydown", press);
  document.addEventListener("focusin", ({target}) => closeOthers(target));
  document.addEventListener("htmx:beforeOnLoad", ({detail}) => detail.elt.matches(ITEM) && closeAround(detail.elt));
}

const controlled = (button) => document.getElementById(button.getAttribute("aria-controls"));
const isDrawer = (panel) => panel.classList.contains("hd-context");
const openers = () => [...document.querySelectorAll(`${OPENER}[aria-expanded=true]`)].filter(controlled);

function set(button, isOpen) {
  const panel = controlled(button);
  if (!panel) return;
  button.setAttribute("aria-expanded", String(isOpen));
  if (isDrawer(panel)) panel.classList.toggle("is-open", isOpen);
  else panel.hidden = !isOpen;
}

function click({target}) {
  const button = target.closest(OPENER);
  const closing = target.closest("[data-closes]");
  if (button && controlled(button)) {
    set(button, button.getAttribute("aria-expanded") !== "true");
    closeOthers(button);
  } else if (closing) {
    openers().filter((opener) => controlled(opener).id === closing.dataset.closes).forEach(closeAndFocus);
  } else {
    if (target.closest("[data-opens]")?.matches(ITEM)) closeAround(target);
    closeOthers(target);
  }
}

/** The menus around an item, outermost last, so that the focus goes to the button that is still to be seen. */
function closeAround(item) {
  const around = openers().filter((opener) => !isDrawer(controlled(opener)) && controlled(opener).contains(item));
  around.reverse().forEach(closeAndFocus);
}

/** Menus that neither hold the element nor belong to it; a drawer stays until it is closed. */
function closeOthers(element) {
  for (const button of openers()) {
    const panel = controlled(button);
    if (!isDrawer(panel) && !panel.contains(element) && !button.contains(element)) set(button, false);
  }
}

function closeAndFocus(button) {
  set(button, false);
  button.focus();
}

function press(event) {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.key === "Escape") closeInnermost(event);
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event);
}

function closeInnermost(event) {
  // A dialog stands above everything else, and closes itself.
  if (document.querySelector("dialog[open]")) return;
  const open = openers();
  const button = open.filter((opener) => !isDrawer(controlled(opener))).at(-1) ?? open.at(-1);
  if (!button) return;
  event.preventDefault();
  closeAndFocus(button);
}

function move(event) {
  const {target, key} = event;
  const opener = target.closest?.(".hd-drop > " + OPENER);
  const menu = opener ? controlled(opener) : target.closest?.(".hd-menu");
  // Arrows mean something else in a text box or among radio buttons.
  if (!menu || isDrawer(menu) || target.matches("input, textarea, select")) return;
  event.preventDefault();
  if (opener && menu.hidden) set(opener, true);
  const items = [...menu.querySelectorAll("a[href], button, input")].filter(isUsable);
  const step = key === "ArrowDown" ? 1 : -1;
  const at = items.indexOf(target);
  const next = at < 0 ? (step > 0 ? 0 : items.length - 1) : (at + step + items.length) % items.length;
  items[next]?.focus();
}

const isUsable = (item) => !item.disabled && item.checkVisibility();
