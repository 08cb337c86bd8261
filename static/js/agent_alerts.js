/* What calls somebody back who works elsewhere: a ring while a technician asks, a tone when one answers, writes or when
   it is over, and the desktop's notification. */

import {onScreen} from "./agent_screen.js";
import {live} from "./live.js";
import {notify} from "./notify.js";
import {page} from "./page.js";
import {isSaid, saidIn} from "./said.js";
import {sounds} from "./sounds.js";

export function startAlerts() {
  onScreen((now, before) => {
    sounds.ring(now.dataset.rings !== undefined);
    if (before?.dataset.chat) notify.drop(Number(before.dataset.chat));
    if (now.dataset.news) tell(now.dataset);
    if (before) sound(now.dataset, before.dataset);
  });
  live.on("event", (event) => {
    const {chat, side, kind, isOld, author} = event;
    if (side !== page.other || !isSaid(kind) || isOld) return;
    if (document.hidden || !document.hasFocus()) sounds.play("message");
    notify.show({chat, title: author, text: saidIn(event), url: `${page.chats}${chat}/`});
  });
}

const tell = ({chat, news}) => notify.show({chat: Number(chat), title: news, url: `${page.chats}${chat}/`});

function sound(now, before) {
  if (now.screen === "chat" && before.screen === "waiting") sounds.play("joined");
  const wasOpen = before.state === "requested" || before.state === "active";
  if (wasOpen && now.state !== "requested" && now.state !== "active") sounds.play("ended");
}
