/* What was being written when the chat ended: [data-left="7"] shows it, and the next chat on the same device,
   [data-device], begins with it (P2, D11).
*/

import {whenHere} from "./arrivals.js";
import {draft, keepDraft, leave} from "./drafts.js";

export const startLeft = () => whenHere("[data-left]", show);

function show(element) {
  const {left: chat, device} = element.dataset;
  const text = draft(chat);
  element.hidden = !text.trim();
  if (element.hidden) return;
  leave(chat, device);
  element.querySelector("[data-words]").textContent = text;
  element.querySelector("[data-remove]").addEventListener("click", () => {
    keepDraft(chat, "");
    element.hidden = true;
  });
}
