/* One WebSocket that comes back by itself. Used by live.js alone.

     const link = new Link(address, {heard(frame), up(), down({isOver})});
     link.start() · link.send(frame) → sent? · link.retry() at once · link.drop() · link.stop({over})
     link.isUp · link.isOpening it is open, and its greeting worth waiting for · link.heardAt of the last frame

   It counts as up from the server's `hello` on, which is awaited for 10 s after it opened, whatever else it says.
   Silence of 40 s means that it is dead: the server beats every 15 s.
*/

const DEAD_AFTER_MS = 40_000;
const OPENS_WITHIN_MS = 10_000;
const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 10_000;
// How a socket ends that says nothing of it, and the server's own reasons to close.
const LOST = 1006;
const MUST_SIGN_IN = 4401;
const RESTARTING = 4012;
const TOO_FAST = 4429;

export class Link {
  isUp = false;
  heardAt = 0;
  #address;
  #listener;
  #socket = null;
  #tries = 0;
  #timer = 0;
  #triedAt = 0;
  #openedAt = 0;
  // Whether the last socket that opened was greeted; of the first it is believed.
  #hasGreeted = true;
  #isOver = false;

  constructor(address, listener) {
    this.#address = address;
    this.#listener = listener;
  }

  start() {
    clearTimeout(this.#timer);
    if (this.#isOver || this.#socket) return;
    this.#tries += 1;
    this.#triedAt = Date.now();
    const socket = new WebSocket(new URL(this.#address, location.href.replace(/^http/, "ws")));
    this.#socket = socket;
    // What a socket says that was given up meanwhile is nobody's business any more.
    socket.onopen = () => socket === this.#socket && (this.#openedAt = Date.now());
    socket.onmessage = ({data}) => socket === this.#socket && this.#take(data);
    socket.onclose = ({code}) => socket === this.#socket && this.#lose(code);
  }

  /** Not after one that opened and was not greeted: what stands between may open them all and let nothing through. */
  get isOpening() {
    return !this.isUp && this.#openedAt > 0 && this.#hasGreeted;
  }

  send(frame) {
    if (!this.isUp || this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  retry() {
    if (!this.isUp) this.drop();
    this.start();
  }

  /** Give the socket up as lost; the next one is on its way. */
  drop() {
    const given = this.#socket;
    if (!given) return;
    this.#lose(LOST);
    given.close();
  }

  stop({over = false} = {}) {
    this.#isOver ||= over;
    this.drop();
    clearTimeout(this.#timer);
  }

  /** Give up on a socket that is not greeted or says nothing any more; call it every second or so. */
  check() {
    if (!this.#socket) return;
    const dueAt = this.isUp ? this.heardAt + DEAD_AFTER_MS : (this.#openedAt || this.#triedAt) + OPENS_WITHIN_MS;
    if (Date.now() > dueAt) this.drop();
  }

  #take(data) {
    this.heardAt = Date.now();
    const frame = decode(data);
    if (!frame) return;
    if (frame.type === "hello") {
      this.#tries = 0;
      this.isUp = this.#hasGreeted = true;
      this.#listener.up();
    }
    this.#listener.heard(frame);
  }

  #lose(code) {
    if (this.#openedAt && !this.isUp) this.#hasGreeted = false;
    this.#socket = null;
    this.#openedAt = 0;
    this.isUp = false;
    this.#isOver ||= code === MUST_SIGN_IN;
    this.#listener.down({isOver: this.#isOver});
    if (!this.#isOver) this.#timer = setTimeout(() => this.start(), this.#pause(code));
  }

  #pause(code) {
    // Not all pages at once, when a server comes back to all of them.
    const spread = 0.5 + Math.random();
    if (code === RESTARTING) return 1500 * spread;
    if (code === TOO_FAST) return LONGEST_WAIT_MS;
    return Math.min(FIRST_WAIT_MS * 2 ** Math.min(this.#tries, 6), LONGEST_WAIT_MS) * spread;
  }
}

function decode(data) {
  try {
    const frame = JSON.parse(data);
    return typeof frame?.type === "string" ? frame : null;
  } catch {
    return null;
  }
}
