/* The launch link, /agent/#<secret>: the secret is taken out of the address at once, so that no history keeps it, and
   becomes the page's cookie. Loaded alone where nobody is let in yet, and with the page where somebody is. */

import {getJson, postJson} from "./http.js";

const {home, open} = document.body.dataset;

async function openByLink() {
  const secret = location.hash.slice(1);
  if (!secret) return;
  history.replaceState(history.state, "", location.pathname + location.search);
  try {
    const {status, body} = await postJson(open, {secret});
    // The browser may have been in as another device.
    if (status === 200 && (body.is_new || isClosed())) location.replace(home);
    else if (status !== 200) say(body?.words);
  } catch {
    say();
  }
}

const isClosed = () => document.querySelector("[data-closed]") !== null;

/** What went wrong; on the page of somebody who is let in already it is no news. */
function say(words) {
  const place = document.querySelector("[data-closed-words]");
  if (place) place.textContent = words ?? place.dataset.unreachable;
}

// Another tab may be proving right now who sits here: the cookie that it gets lets this one in too.
const LOOK_AGAIN_AFTER_MS = [2000, 6000];

function lookAgain() {
  if (!isClosed()) return;
  for (const wait of LOOK_AGAIN_AFTER_MS) setTimeout(look, wait);
}

async function look() {
  try {
    if ((await getJson(home)).status === 200) location.replace(home);
  } catch {
    // Not to be reached; the words on the page stand.
  }
}

openByLink();
lookAgain();
