/* Starts something on every element that matches, now and whenever one comes into the page, by htmx or otherwise, and
   ends it when the element goes.

     whenHere("[data-thread]", (element) => stop)   what is returned, if anything, is called at the end
*/

const kinds = [];
// element → the kinds that were started on it, each with what ends it or with nothing; one that is moved goes on
const running = new Map();

export function whenHere(selector, start) {
  const kind = {selector, start};
  if (!kinds.length) observer.observe(document.documentElement, {childList: true, subtree: true});
  kinds.push(kind);
  document.querySelectorAll(selector).forEach((element) => begin(kind, element));
}

const observer = new MutationObserver((records) => {
  for (const {addedNodes} of records) {
    for (const node of addedNodes) {
      if (node.nodeType === Node.ELEMENT_NODE && node.isConnected) kinds.forEach((kind) => search(kind, node));
    }
  }
  endTheGone();
});

function search(kind, node) {
  if (node.matches(kind.selector)) begin(kind, node);
  node.querySelectorAll(kind.selector).forEach((element) => begin(kind, element));
}

function begin(kind, element) {
  const stops = running.get(element) ?? new Map();
  if (stops.has(kind)) return;
  running.set(element, stops.set(kind, null));
  try {
    const stop = kind.start(element);
    if (typeof stop === "function") stops.set(kind, stop);
  } catch (error) {
    reportError(error);
  }
}

function endTheGone() {
  for (const [element, stops] of running) {
    if (element.isConnected) continue;
    running.delete(element);
    stops.forEach((stop) => stop?.());
  }
}
