/* The profile menu: whether requests ring for me (my other tabs follow), how the portal looks, and the way out. */

import {live} from "./live.js";
import {outbox} from "./outbox.js";

const profile = document.querySelector("[data-profile]");
const button = profile.querySelector(".hd-profile");
const availability = profile.querySelector("[data-availability-form]");
const appearance = profile.querySelector("[data-appearance-form]");

function showAvailability(isAvailable) {
  const choices = availability.elements.is_available;
  choices.value = isAvailable ? "1" : "0";
  button.dataset.availability = isAvailable ? "available" : "unavailable";
  for (const person of profile.querySelectorAll("[data-presence]")) person.dataset.presence = isAvailable ? "on" : "off";
  const chosen = [...choices].find((choice) => choice.checked);
  profile.querySelector("[data-availability-word]").textContent = chosen.closest("label").querySelector("b").textContent;
}

// What was said before my own press has arrived must not turn the switch back under the hand.
live.on("me", ({is_available: isAvailable}) => {
  if (!availability.classList.contains("htmx-request")) showAvailability(isAvailable);
});
document.body.addEventListener("hd:me", ({detail}) => showAvailability(detail.is_available));
// Not for htmx:sendAbort: a second press takes the place of the first.
for (const failed of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  availability.addEventListener(failed, () => showAvailability(button.dataset.availability === "available"));
}

appearance.addEventListener("change", ({target}) => {
  if (target.value === "system") delete document.documentElement.dataset.bsTheme;
  else document.documentElement.dataset.bsTheme = target.value;
});

// What was not sent, and drafts, are this person's alone (D11).
profile.querySelector("[data-sign-out]").addEventListener("submit", () => outbox.clear());

// The menu item that opened it is gone with the menu by now.
document.getElementById("sounds").addEventListener("close", () => button.focus());
