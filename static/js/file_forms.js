/* Forms that files go with: <form data-file-form> with templates/_files.html in it, as tickets and replies have.

   A form waits for the files that are still on their way, and names those that are there (<input name="file">). What goes
   wrong meanwhile stops it: nothing that was chosen is left out unseen, or lost by leaving the page. When it was taken,
   its cards and drafts go, and data-said is said. data-gone on the element of the files: what the server has not got any more.
*/

import {whenHere} from "./arrivals.js";
import {keepBusy} from "./busy.js";
import {chatOf} from "./chat_files.js";
import {keepDraft} from "./drafts.js";
import {gather, say} from "./say.js";
import {uploads} from "./uploads.js";
import {word} from "./words.js";

const FORM = "form[data-file-form]";
// form → what was pressed, what lets that rest, and which files had gone wrong by then
const held = new Map();
const announce = gather(say);

export function startFileForms() {
  whenHere(FORM, start);
  // Before htmx, which sends it.
  document.addEventListener("submit", submit, {capture: true});
  // Before the answer takes the form's place, or leads to another page, which would ask about the files.
  document.addEventListener("htmx:beforeOnLoad", ({detail: {xhr, requestConfig}}) => {
    if (xhr.status >= 200 && xhr.status < 300 && requestConfig.elt.matches(FORM)) taken(requestConfig.elt);
  });
  uploads.on("done", ({place, name: file}) => isOfForm(place) && announce(word("file_attached", {name: file})));
  // One that is there or went wrong is gone with the page too.
  window.addEventListener("beforeunload", (event) => {
    if (uploads.of("*").some(({place}) => isOfForm(place))) event.preventDefault();
  });
}

const isOfForm = (place) => Number.isNaN(chatOf(place));

function start(form) {
  const taker = takerOf(form);
  if (!taker) return undefined;
  taker.hidden = false;
  taker.dataset.gone.split(" ").filter(Boolean).forEach(uploads.drop);
  const off = uploads.on("change", (place) => place === taker.dataset.files && goOn(form));
  return () => {
    off();
    release(form);
  };
}

const takerOf = (form) => form.querySelector("[data-files]");
const filesOf = (form) => uploads.of(takerOf(form).dataset.files);
const isStopped = ({state}) => state === "refused" || state === "broken";

function submit(event) {
  const form = event.target;
  if (!form.matches?.(FORM) || !takerOf(form)) return;
  warn(form, "");
  const files = filesOf(form);
  if (files.some(({again}) => again)) {
    stop(event);
    warn(form, word("files_not_all"));
  } else if (uploads.isUnfinished(takerOf(form).dataset.files)) {
    stop(event);
    hold(form, event.submitter);
  } else {
    name(form, files.filter(({state}) => state === "done"));
  }
}

function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

function hold(form, submitter) {
  if (held.has(form)) return;
  const button = submitter ?? form.querySelector("button:not([type=button])");
  held.set(form, {button, rest: keepBusy(button, word("files_first")), known: new Set(filesOf(form).filter(isStopped))});
}

function release(form) {
  const {button, rest, known} = held.get(form) ?? {};
  rest?.();
  held.delete(form);
  return {button, known};
}

/** All of it is there, or went wrong while the form waited for it. */
function goOn(form) {
  if (!held.has(form) || uploads.isUnfinished(takerOf(form).dataset.files)) return;
  const {button, known} = release(form);
  if (filesOf(form).some((file) => isStopped(file) && !known.has(file))) warn(form, word("files_not_all"));
  else form.requestSubmit(button);
}

function name(form, files) {
  form.querySelectorAll("input[name=file]").forEach((input) => input.remove());
  for (const {key} of files) {
    const input = Object.assign(document.createElement("input"), {type: "hidden", name: "file", value: key});
    form.append(input);
  }
}

function warn(form, words) {
  const line = takerOf(form).querySelector("[data-not-yet]");
  line.hidden = !words;
  line.querySelector("span").textContent = words;
}

/** What was chosen after it was pressed stays for the next one. */
function taken(form) {
  for (const {dataset} of form.querySelectorAll("[data-draft]")) keepDraft(dataset.draft, "");
  if (takerOf(form)) {
    form.querySelectorAll("input[name=file]").forEach(({value}) => uploads.drop(value));
    filesOf(form).filter(({state}) => state === "refused").forEach(({key}) => uploads.cancel(key));
  }
  say(form.dataset.said);
}
