/* Speaks to screen readers through the page's two regions: say() waits for a pause, sayNow() does not. */

export const say = (text) => put("say-politely", text);
export const sayNow = (text) => put("say-now", text);

const CLEARED_AFTER_MS = 5000;
const timers = {};

function put(id, text) {
  const region = document.getElementById(id);
  if (!region || !text) return;
  // The same sentence twice is no change, and would be passed over.
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
  clearTimeout(timers[id]);
  timers[id] = setTimeout(() => { region.textContent = ""; }, CLEARED_AFTER_MS);
}
