/* What a page shows beside its own chats, it hears too: an element says data-watch-chat, data-watch-ticket or
   data-watch-device with a number, for as long as it stands there.

   What is heard of tickets, devices and people is told on <body>, for hx-trigger="hd:ticket-1042 from:body" and the
   like: hd:ticket-<number>, hd:device-<id>, hd:people, and hd:list when a chat came, went or changed hands.
*/

import {whenHere} from "./arrivals.js";
import {live} from "./live.js";

const tell = (name, detail) => document.body.dispatchEvent(new CustomEvent(name, {detail}));

const isOtherwise = (head, before) =>
  ["state", "technician", "contact", "ticket"].some((name) => head[name] !== before[name]);

export function startWatching() {
  whenHere("[data-watch-chat]", ({dataset}) => live.watch({chat: Number(dataset.watchChat)}));
  whenHere("[data-watch-ticket]", ({dataset}) => live.watch({ticket: Number(dataset.watchTicket)}));
  whenHere("[data-watch-device]", ({dataset}) => live.watch({device: Number(dataset.watchDevice)}));
  live.on("ticket", (frame) => {
    tell("hd:ticket", frame);
    tell(`hd:ticket-${frame.number}`, frame);
  });
  live.on("device", (frame) => {
    tell("hd:device", frame);
    tell(`hd:device-${frame.device}`, frame);
  });
  live.on("people", (frame) => tell("hd:people", frame));
  live.on("opened", (frame) => tell("hd:list", frame));
  live.on("head", ({head, before}) => before && isOtherwise(head, before) && tell("hd:list", {head}));
}
