/* Sounds, made by the browser and not loaded; each can be switched off and tried.

     sounds.ring(true)            two rising tones, again every three seconds until sounds.ring(false)
     sounds.play("message")       message (at most one in two seconds), joined, ended, warning
   <input type="checkbox" data-sound="all|ring|message|joined|ended|warning"> switches, <button data-sound-test="ring">
   plays. Browsers want one press first: until then the bar [data-sound-bar] asks for it. Of several pages of one person
   in a browser one sounds.
*/

import {whenHere} from "./arrivals.js";
import {page} from "./page.js";
import {read, write} from "./store.js";
import {part} from "./words.js";

const VOLUME = 0.6;
const RING_EVERY_MS = 3000;
const SOFT_MS = 12;
// name → tones [from Hz, to Hz, begins s, lasts s]; `apart`: not again within so many ms, in whichever tab
const SOUNDS = {
  ring: {tones: [[660, 740, 0, 0.4], [880, 990, 0.45, 0.45]], apart: RING_EVERY_MS - 200},
  message: {tones: [[880, 880, 0, 0.15]], apart: 2000, gain: 0.5},
  joined: {tones: [[523, 523, 0, 0.14], [659, 659, 0.15, 0.14], [784, 784, 0.3, 0.25]], apart: 1000},
  ended: {tones: [[330, 311, 0, 0.4]], apart: 1000},
  warning: {tones: [[740, 740, 0, 0.12], [740, 740, 0.2, 0.12]], apart: 1000},
};

let context = null;
let ringing = 0;

export const sounds = {ring, play};

const key = (name) => `hd.sound.${name}`;

function isOn(name) {
  return read(key("all")) !== false && read(key(name)) !== false;
}

function set(name, isWanted) {
  write(key(name), isWanted);
  document.querySelectorAll("[data-sound]").forEach(drawSwitch);
  drawBar();
}

function play(name) {
  if (isOn(name) && isMyTurn(name)) sound(name);
}

function ring(isWanted) {
  if (isWanted === Boolean(ringing)) return;
  clearInterval(ringing);
  ringing = isWanted ? setInterval(() => play("ring"), RING_EVERY_MS) : 0;
  if (isWanted) play("ring");
}

/** Each tab leaves a note of when it played; the others let it pass. */
function isMyTurn(name) {
  const note = `hd.sounded.${page.side}.${name}`;
  const since = Date.now() - (read(note) ?? 0);
  if (since >= 0 && since < SOUNDS[name].apart) return false;
  write(note, Date.now());
  return true;
}

function sound(name) {
  if (context?.state !== "running") return;
  const {tones, gain = 1} = SOUNDS[name];
  for (const tone of tones) playTone(tone, gain * VOLUME);
}

function playTone([from, to, begins, lasts], volume) {
  const start = context.currentTime + begins;
  const oscillator = new OscillatorNode(context, {type: "sine", frequency: from});
  const loudness = new GainNode(context, {gain: 0});
  oscillator.frequency.linearRampToValueAtTime(to, start + lasts);
  loudness.gain.setValueAtTime(0, start);
  // A soft edge: without it every tone begins and ends with a click.
  loudness.gain.linearRampToValueAtTime(volume * 0.5, start + SOFT_MS / 1000);
  loudness.gain.setTargetAtTime(0, start + lasts * 0.6, lasts * 0.15);
  oscillator.connect(loudness).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(start + lasts + 0.3);
}

// Switches, and the one press.

function drawSwitch(input) {
  input.checked = read(key(input.dataset.sound)) !== false;
}

function drawBar() {
  const isNeeded = context !== null && context.state !== "running" && isOn("all");
  for (const bar of document.querySelectorAll("[data-sound-bar]")) {
    if (isNeeded && !bar.childElementCount) bar.append(...part("bar-sound").childNodes);
    bar.hidden = !isNeeded;
  }
}

async function unlock() {
  if (context && context.state !== "running") await context.resume();
  drawBar();
}

export function startSounds() {
  if (!window.AudioContext) return;
  context = new AudioContext();
  context.addEventListener("statechange", drawBar);
  // Not when the pointer goes down: the bar would go, the page move up, and the click miss what it was meant for.
  for (const press of ["click", "keydown"]) document.addEventListener(press, unlock, {capture: true});
  whenHere("[data-sound]", drawSwitch);
  whenHere("[data-sound-bar]", drawBar);
  document.addEventListener("change", ({target}) => {
    if (target.matches("[data-sound]")) set(target.dataset.sound, target.checked);
  });
  document.addEventListener("click", ({target}) => {
    const test = target.closest("[data-sound-test]");
    if (test) unlock().then(() => sound(test.dataset.soundTest));
  });
  window.addEventListener("pagehide", () => ring(false));
}
