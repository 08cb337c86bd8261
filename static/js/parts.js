/* The page of a device or a contact follows what it is about: its parts are fetched again when something is heard, and
   at every beat, which also heals what was missed. Only what is otherwise is put in, so that nobody loses the focus for
   nothing.

   The page says data-parts (where its parts come from, one after another) and data-hears (what else they follow, such
   as hd:device-7).
*/

import {live} from "./live.js";
import {makePart} from "./portal_part.js";
import {showTimes} from "./times.js";

const page = document.querySelector("[data-parts]");
const parts = page.dataset.parts
  .split(" ")
  .map((address) => makePart({element: () => page, address: () => address, place}));
const ask = () => parts.forEach((part) => part.ask());

for (const name of [...page.dataset.hears.split(" "), "hd:list", "hd:look"]) {
  document.body.addEventListener(name, ask);
}
for (const type of ["hello", "beat", "poll"]) live.on(type, ask);
ask();

function place(_page, fragment) {
  showTimes(fragment);
  for (const there of [...fragment.children]) {
    const here = document.getElementById(there.id);
    if (here && !here.isEqualNode(there)) here.replaceWith(there);
  }
}
