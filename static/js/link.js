/* One WebSocket that comes back by itself. Used by live.js alone.

     const link = makeLink(address, {heard(frame), up(), down()});
     link.start() · link.send(frame) → sent? · link.retry() at once · link.drop() · link.stop({over}) · link.isUp

   It counts as up from the server's `hello` on. Silence of 40 s means that it is dead: the server beats every 15 s.
*/

const DEAD_AFTER_MS = 40_000;
const OPENS_WITHIN_MS = 10_000;
const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 10_000;
// The server's own reasons to close.
const MUST_SIGN_IN = 4401;
const RESTARTING = 4012;
const TOO_FAST = 4429;

export function makeLink(address, listener) {
  const link = {isUp: false, start, send, retry, drop, stop, check};
  let socket = null;
  let tries = 0;
  let heardAt = 0;
  let timer = 0;
  let isOver = false;

  function start() {
    clearTimeout(timer);
    if (isOver || socket) return;
    tries += 1;
    heardAt = Date.now();
    socket = new WebSocket(new URL(address, location.href.replace(/^http/, "ws")));
    const mine = socket;
    // What a socket says that was given up meanwhile is nobody's business any more.
    mine.onmessage = ({data}) => mine === socket && take(data);
    mine.onclose = ({code}) => mine === socket && lose(code);
  }

  function take(data) {
    heardAt = Date.now();
    const frame = decode(data);
    if (!frame) return;
    if (frame.type === "hello") {
      tries = 0;
      link.isUp = true;
      listener.up();
    }
    listener.heard(frame);
  }

  function lose(code) {
    socket = null;
    link.isUp = false;
    if (code === MUST_SIGN_IN) isOver = true;
    listener.down({isOver});
    if (!isOver) timer = setTimeout(start, pause(code));
  }

  function pause(code) {
    // Not all pages at once, when a server comes back to all of them.
    const spread = 0.5 + Math.random();
    if (code === RESTARTING) return 1500 * spread;
    if (code === TOO_FAST) return LONGEST_WAIT_MS;
    return Math.min(FIRST_WAIT_MS * 2 ** Math.min(tries, 6), LONGEST_WAIT_MS) * spread;
  }

  function send(frame) {
    if (!link.isUp || socket?.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(frame));
    return true;
  }

  function drop(code = 1006) {
    const given = socket;
    if (!given) return;
    lose(code);
    given.close();
  }

  /** Give up on a socket that says nothing any more; call it every second or so. */
  function check() {
    const silence = Date.now() - heardAt;
    if (socket && silence > (link.isUp ? DEAD_AFTER_MS : OPENS_WITHIN_MS)) drop();
  }

  function retry() {
    if (!link.isUp) drop();
    start();
  }

  function stop({over = false} = {}) {
    isOver = isOver || over;
    drop();
    clearTimeout(timer);
  }

  return link;
}

function decode(data) {
  try {
    const frame = JSON.parse(data);
    return typeof frame?.type === "string" ? frame : null;
  } catch {
    return null;
  }
}
