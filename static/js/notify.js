/* Desktop notifications, while the page is hidden.

     notify.show({chat, title, text, url})   one per chat, replaced by the next; a press opens the chat
     notify.drop(chat)                       when it was seen or answered
   <input type="checkbox" data-notify="on|text"> switches: on asks the browser for its leave, text leaves the words out
   when it is off.
*/

import {whenHere} from "./arrivals.js";
import {read, write} from "./store.js";

const key = (name) => `hd.notify.${name}`;
const shown = new Map();

export const notify = {show, drop};

function isOn() {
  return "Notification" in window && Notification.permission === "granted" && read(key("on")) === true;
}

function show({chat, title, text = "", url}) {
  if (!document.hidden || !isOn()) return;
  const body = read(key("text")) === false ? "" : text;
  try {
    const note = new Notification(title, {body, tag: `hd-chat-${chat}`, lang: document.documentElement.lang});
    note.onclick = () => {
      window.focus();
      note.close();
      if (url && new URL(url, location.href).pathname !== location.pathname) location.assign(url);
    };
    shown.set(chat, note);
  } catch {
    // Phones allow them to service workers only.
  }
}

function drop(chat) {
  shown.get(chat)?.close();
  shown.delete(chat);
}

function drawSwitch(input) {
  if (input.dataset.notify === "on") {
    input.checked = isOn();
    input.disabled = !("Notification" in window) || Notification.permission === "denied";
  } else {
    input.checked = read(key(input.dataset.notify)) !== false;
  }
}

async function change({target}) {
  if (!target.matches("[data-notify]")) return;
  write(key(target.dataset.notify), target.checked);
  if (target.dataset.notify === "on" && target.checked) await Notification.requestPermission();
  document.querySelectorAll("[data-notify]").forEach(drawSwitch);
}

export function startNotify() {
  whenHere("[data-notify]", drawSwitch);
  document.addEventListener("change", change);
  window.addEventListener("pagehide", () => shown.forEach((note) => note.close()));
}
