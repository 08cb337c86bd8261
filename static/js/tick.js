/* One tick a second for everything that counts, and one at once when a hidden page is shown again: browsers slow the
   timers of hidden pages down to one a minute, so nothing may count ticks; ask the clock (live.now) instead. */

import {bus} from "./bus.js";

const line = bus();

export const onTick = (listener, options) => line.on("tick", listener, options);
const tickNow = () => line.emit("tick");

setInterval(tickNow, 1000);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) tickNow();
});
