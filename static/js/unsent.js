/* One's own messages that are on their way: shown at once below the others, until their own event takes their place. */

import {live} from "./live.js";
import {outbox} from "./outbox.js";
import {page} from "./page.js";
import {dress} from "./rows.js";
import {say} from "./say.js";
import {isStuck} from "./sender.js";
import {showTimes} from "./times.js";
import {part, word} from "./words.js";

export function startUnsent(thread) {
  const {signal} = thread;
  const look = () => draw(thread);
  look();
  outbox.on("change", (chat) => chat === thread.chat && look(), {signal});
  live.on("state", look, {signal});
  thread.on("head", look);
  thread.list.addEventListener("click", (event) => press(thread, event), {signal});
}

function draw(thread) {
  const messages = outbox.of(thread.chat);
  const shown = [...thread.list.querySelectorAll(":scope > [data-unsent]")];
  const rows = new Map(shown.map((row) => [row.dataset.unsent, row]));
  for (const [id, row] of rows) {
    if (!messages.some((message) => message.id === id)) row.remove();
  }
  // A day on which nothing was said after all.
  if (thread.list.lastElementChild?.classList.contains("hd-day")) thread.list.lastElementChild.remove();
  for (const message of messages) setState(thread, rows.get(message.id) ?? put(thread, message), message);
}

function put(thread, message) {
  const row = part("unsent");
  row.dataset.unsent = message.id;
  row.dataset.side = thread.side;
  row.dataset.author = page.technician === null ? `c${thread.head()?.contact ?? 0}` : page.viewer;
  row.dataset.at = row.querySelector("time").dateTime = new Date(message.at).toISOString();
  showTimes(row);
  row.querySelector(".hd-bubble").textContent = message.body;
  thread.list.append(row);
  dress(row);
  thread.isAtEnd = true;
  thread.toEnd();
  return row;
}

function setState(thread, row, message) {
  const state = stateOf(message);
  const isFresh = row.dataset.state !== state;
  row.dataset.state = state;
  for (const name of ["sending", "kept", "refused"]) row.classList.toggle(`is-${name}`, name === state);
  if (isFresh) row.querySelector(".hd-mark")?.remove();
  if (isFresh) row.append(part(`mark-${state}`));
  if (state === "refused") fillRefusal(thread, row, message);
}

function stateOf(message) {
  if (message.refused) return "refused";
  return isStuck(message.id) || live.state === "offline" ? "kept" : "sending";
}

const wordsOf = (message) => message.refused.words || word("not_sent");

function fillRefusal(thread, row, message) {
  const said = row.querySelector("[data-said]");
  // Set once only: it is an alert, and read out with every change.
  if (said.textContent !== wordsOf(message)) said.textContent = wordsOf(message);
  row.querySelector("[data-again]").hidden = thread.head()?.state !== "active";
}

function press(thread, {target}) {
  const id = target.closest("[data-unsent]")?.dataset.unsent;
  if (!id) return;
  if (target.closest("[data-again]")) outbox.again(id);
  if (target.closest("[data-remove]")) outbox.drop(id);
  if (target.closest("[data-copy]")) copy(target.closest("[data-unsent]").querySelector(".hd-bubble"));
}

async function copy(bubble) {
  try {
    await navigator.clipboard.writeText(bubble.textContent);
    say(word("copied"));
  } catch {
    // Without the right to the clipboard: marked, so that the keyboard's own copy takes it.
    getSelection().selectAllChildren(bubble);
  }
}
