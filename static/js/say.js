/* Speaks to screen readers through the page's two regions: say() waits for a pause, sayNow() does not.

     const announce = gather(say)   announce(sentence): several at once are one announcement
*/

export const say = (text) => put("say-politely", text);
export const sayNow = (text) => put("say-now", text);

const CLEARED_AFTER_MS = 5000;
const GATHERED_MS = 200;
const timers = {};

function put(id, text) {
  const region = document.getElementById(id);
  if (!region || !text) return;
  // The same sentence twice is no change, and would be passed over.
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
  clearTimeout(timers[id]);
  timers[id] = setTimeout(() => { region.textContent = ""; }, CLEARED_AFTER_MS);
}

export function gather(speak) {
  let unsaid = [];
  return (sentence) => {
    unsaid.push(sentence);
    if (unsaid.length > 1) return;
    setTimeout(() => {
      speak(unsaid.join(" "));
      unsaid = [];
    }, GATHERED_MS);
  };
}
