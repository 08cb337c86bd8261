/* Lines that are added to: what stands in an element [data-grows] with an id is kept where it did not change, so that a
   film that is being watched plays on. What htmx fetches in its place is put in like that too.

     grow(here, there) → whether there are more lines now
*/

import {showTimes} from "./times.js";

export function startGrowing() {
  document.addEventListener("htmx:beforeSwap", ({detail}) => {
    const {target: here, serverResponse, shouldSwap} = detail;
    if (!shouldSwap || !here.matches("[data-grows]")) return;
    const there = read(serverResponse).querySelector(`#${here.id}`);
    if (!there) return;
    detail.shouldSwap = false;
    showTimes(there);
    grow(here, there);
    // It says what is known by now.
    here.setAttribute("hx-get", there.getAttribute("hx-get"));
    window.htmx.process(here);
  });
}

function read(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

export function grow(here, there) {
  const [old, fresh] = [here, there].map(({children}) => [...children]);
  fresh.forEach((line, at) => {
    if (!old[at]) here.append(line);
    else if (!old[at].isEqualNode(line)) old[at].replaceWith(line);
  });
  old.slice(fresh.length).forEach((line) => line.remove());
  return fresh.length > old.length;
}
