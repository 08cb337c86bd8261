/* A ticket's page follows its ticket: what stands around its chats is fetched again when it may have changed, by
   whomever. Only what is otherwise is put in; a name that is being typed and a menu that is open stay.

   The page says data-ticket-page (the number) and data-src (where its parts come from).
*/

import {whenHere} from "./arrivals.js";
import {grow} from "./grow.js";
import {live} from "./live.js";
import {makePart} from "./portal_part.js";
import {showTimes} from "./times.js";

const PIECES = ["head", "beginning", "since", "facts", "contact", "device"].map((name) => `ticket-${name}`);
// Whoever reads so near to the end goes on with what is added.
const NEAR_PX = 80;

export const startTicketPage = () => whenHere("[data-ticket-page]", start);

function start(page) {
  const end = new AbortController();
  const {signal} = end;
  const {ask} = makePart({element: () => page, address: () => page.dataset.src, place});
  document.body.addEventListener(`hd:ticket-${page.dataset.ticketPage}`, ask, {signal});
  document.body.addEventListener("hd:device", ask, {signal});
  // What changed before this page was heard, or was never told.
  for (const type of ["hello", "beat", "poll"]) live.on(type, ask, {signal});
  return () => end.abort();
}

function place(page, fragment) {
  showTimes(fragment);
  setTitle(fragment.querySelector("#ticket-head").dataset.title);
  const isFollowed = isAtEnd(page) || page.querySelector("#ticket-reply").contains(document.activeElement);
  for (const id of PIECES) {
    const [here, there] = [page.querySelector(`#${id}`), fragment.querySelector(`#${id}`)];
    if (here.isEqualNode(there)) continue;
    if (!here.matches("[data-grows]")) replace(here, there);
    else if (grow(here, there) && isFollowed) page.scrollTop = page.scrollHeight;
  }
  setName(page.querySelector("#ticket-name-form"), fragment.querySelector("#ticket-name-form"));
}

function replace(here, there) {
  for (const opener of here.querySelectorAll("[aria-expanded=true]")) {
    there.querySelector(`#${opener.id}`)?.setAttribute("aria-expanded", "true");
    const menu = there.querySelector(`#${opener.getAttribute("aria-controls")}`);
    if (menu) menu.hidden = false;
  }
  here.replaceWith(there);
}

const isAtEnd = (page) => page.scrollHeight - page.scrollTop - page.clientHeight < NEAR_PX;

/** In the tab's title the name changes, and not what stands before it. */
function setTitle(title) {
  const head = document.getElementById("ticket-head");
  document.title = document.title.replace(head.dataset.title, () => title);
}

function setName(here, there) {
  const [field, fresh] = [here, there].map((form) => form.elements.title);
  const isBeingTyped = field.value !== field.dataset.saved;
  if (field.dataset.saved !== fresh.dataset.saved && !isBeingTyped) here.replaceWith(there);
}
