/* What is typed in a field [data-draft="reply-1042"] survives a reload: it is kept under that name from the first letter
   on, and put back where the field comes empty; data-draft-else names a second place to look. Who sends it forgets it.
*/

import {whenHere} from "./arrivals.js";
import {draft, keepDraft} from "./drafts.js";

export function startDraftFields() {
  whenHere("[data-draft]", fill);
  document.addEventListener("input", ({target}) => {
    if (target.dataset?.draft) keepDraft(target.dataset.draft, target.value);
  });
}

function fill(field) {
  const {draft: name, draftElse: other} = field.dataset;
  if (!field.value) field.value = draft(name) || (other ? draft(other) : "");
}
