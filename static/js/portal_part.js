/* A part of the page that is fetched again when something changed: one request at a time and 300 ms apart at the least,
   so that the answers come in order. What has the focus keeps it, and the scroll stays where it is.

     const list = makePart({element: () => node, address: () => "/chats/list/", place(node, fragment) {…}})
     list.ask()   soon, and once however often it is called meanwhile
*/

const APART_MS = 300;
const AGAIN_AFTER_MS = 3000;
const BUSY = 503;

const replace = (element, fragment) => element.replaceChildren(fragment);

export function makePart({element, address, place = replace}) {
  let isAsking = false;
  let isWanted = false;
  let askedAt = -Infinity;

  function ask() {
    isWanted = true;
    if (isAsking) return;
    isAsking = true;
    setTimeout(turn, Math.max(0, askedAt + APART_MS - performance.now()));
  }

  async function turn() {
    isWanted = false;
    askedAt = performance.now();
    try {
      const html = await read(address());
      if (html !== null) await put(element(), html, place);
    } catch {
      // The server is away, or has too much to do; what changed meanwhile is still wanted. Not by all pages at once.
      setTimeout(ask, AGAIN_AFTER_MS * (0.5 + Math.random()));
    }
    isAsking = false;
    if (isWanted) ask();
  }

  return {ask};
}

async function read(address) {
  if (!address) return null;
  const headers = {"HX-Request": "true", "HX-Current-URL": location.href};
  const answer = await fetch(address, {headers, credentials: "same-origin", cache: "no-store"});
  if (answer.status === BUSY) throw new Error("Try again");
  const elsewhere = answer.headers.get("HX-Redirect");
  if (elsewhere) location.assign(elsewhere);
  return answer.ok && !elsewhere ? answer.text() : null;
}

async function put(element, html, place) {
  await untilQuiet();
  // What was being pressed may have taken it away, and put another of its kind in its place.
  if (!element?.isConnected) return;
  const kept = keep(element);
  const template = document.createElement("template");
  template.innerHTML = html;
  place(element, template.content);
  window.htmx.process(element);
  give(element, kept);
}

/** What is being pressed or saved right now would lose its click or its answer when it is replaced. */
async function untilQuiet() {
  while (isPressed || document.querySelector(".htmx-request")) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

let isPressed = false;
const press = () => {
  isPressed = true;
};
// The click comes after the pointer is up.
const release = () => setTimeout(() => {
  isPressed = false;
});
document.addEventListener("pointerdown", press, {capture: true, passive: true});
for (const end of ["pointerup", "pointercancel", "dragend"]) {
  document.addEventListener(end, release, {capture: true, passive: true});
}

function keep(element) {
  const focused = element.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...element.querySelectorAll("details[open][id]")].map(({id}) => id);
  return {focused, open, top: element.scrollTop};
}

function give(element, {focused, open, top}) {
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  element.scrollTop = top;
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus({preventScroll: true});
}
