/* What is typed on the contact's page and not sent yet survives a change of the screen, a reload, and the identity in
   between: each field under its name (draft_fields.js). drafts.js forgets it when another person sits here.

   data-keeps="about"        words that the server shows again: kept from then on; or shown, when only the browser has them
   data-drops="about title"  on the screen: these were sent
   data-left-unsent="7"      shows what was written in chat 7 and came too late, and has it ready for a ticket
*/

import {onScreen} from "./agent_screen.js";
import {whenHere} from "./arrivals.js";
import {draft, keepDraft} from "./drafts.js";
import {outbox} from "./outbox.js";

export function startFields() {
  onScreen((screen) => (screen.dataset.drops ?? "").split(" ").filter(Boolean).forEach((name) => keepDraft(name, "")));
  whenHere("[data-keeps]", keep);
  whenHere("[data-left-unsent]", showUnsent);
}

function keep(element) {
  const {keeps: name} = element.dataset;
  const words = element.querySelector("[data-words]");
  if (words.textContent) keepDraft(name, words.textContent);
  else words.textContent = draft(name);
  element.hidden = !words.textContent;
}

function showUnsent(element) {
  const chat = Number(element.dataset.leftUnsent);
  const look = () => {
    const texts = [...outbox.of(chat).map(({body}) => body), draft(chat)].filter(Boolean);
    element.hidden = texts.length === 0;
    element.querySelector("[data-words]").textContent = texts.join("\n");
    if (texts.length) keepDraft("description", texts.join("\n"));
  };
  look();
  return outbox.on("change", (changed) => changed === chat && look());
}
