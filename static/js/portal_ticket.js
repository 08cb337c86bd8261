/* On a ticket's page: its chats as one thread, which is fetched when the first or a newer one begins. Whatever stands
   around it is kept by portal_open.js, as in the console. */

import {whenHere} from "./arrivals.js";
import {put} from "./portal_open.js";
import {makePart} from "./portal_part.js";

let mustWrite = false;

export function startTickets() {
  whenHere("[data-chats-of-ticket]", start);
  // S12: an accepted request goes on right there.
  document.body.addEventListener("hd:goes-on", () => {
    mustWrite = true;
  });
  whenHere("[data-chats-of-ticket] #message", write);
}

function start(chats) {
  const part = makePart({element: () => chats, address: () => chats.dataset.src, place});
  const names = [`hd:ticket-${chats.dataset.chatsOfTicket}`, "hd:goes-on"];
  for (const name of names) document.body.addEventListener(name, part.ask);
  return () => names.forEach((name) => document.body.removeEventListener(name, part.ask));
}

function place(chats, fragment) {
  const [here, there] = [chats.querySelector("[data-open]"), fragment.querySelector("[data-open]")];
  if (here && here.dataset.open === there?.dataset.open) put(here, fragment);
  else chats.replaceChildren(...fragment.querySelector("[data-chats-of-ticket]").childNodes);
  const message = chats.querySelector("#message");
  if (message) write(message);
}

function write(message) {
  if (!mustWrite) return;
  mustWrite = false;
  message.focus();
  message.scrollIntoView({block: "nearest"});
}
