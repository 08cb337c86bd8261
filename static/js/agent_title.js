/* The tab's title: the screen's own; with a dot and the news, or the number of new messages, while nobody looks. */

import {onScreen, screen} from "./agent_screen.js";
import {live} from "./live.js";
import {isSaid} from "./said.js";

let unread = 0;
let news = "";

export function startTitle() {
  onScreen((now, before) => {
    news = before && now.dataset.news ? now.dataset.news : "";
    unread = 0;
    draw();
  });
  live.on("event", ({side, kind, isOld}) => {
    if (side !== "technician" || !isSaid(kind) || isOld || isSeen()) return;
    unread += 1;
    draw();
  });
  document.addEventListener("visibilitychange", look);
  window.addEventListener("focus", look);
}

const isSeen = () => !document.hidden && document.hasFocus();

function look() {
  if (!isSeen()) return;
  unread = 0;
  news = "";
  draw();
}

function draw() {
  const {title, rings, news: asks} = screen().dataset;
  if (rings !== undefined) document.title = `● ${asks}`;
  else if (unread) document.title = `(${unread}) ${title}`;
  else document.title = news && !isSeen() ? `● ${news}` : title;
}
