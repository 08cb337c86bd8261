/* Keeps small things in the browser. Where it is full or forbidden (private windows), they last as long as the page.

   read(key) → value or null · write(key, value) · forget(key) · keys(prefix) → list
*/

const memory = new Map();

export function read(key) {
  if (memory.has(key)) return memory.get(key);
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

export function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    memory.delete(key);
  } catch {
    memory.set(key, value);
  }
}

export function forget(key) {
  memory.delete(key);
  try {
    localStorage.removeItem(key);
  } catch {
    // What cannot be reached holds nothing of ours.
  }
}

export function keys(prefix) {
  let stored = [];
  try {
    stored = Object.keys(localStorage);
  } catch {
    // Only what is in memory, then.
  }
  return [...new Set([...stored, ...memory.keys()])].filter((key) => key.startsWith(prefix));
}
