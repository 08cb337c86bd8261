/* A conversation on the page: every <section data-thread> (templates/chat/_thread.html) goes live as soon as it is here
   and ends when it is taken away. Each noun of it has its file; this one holds what they share.

     startThreads()
   The section dispatches a bubbling `hd:state` {chat, state, head} when the chat's state changes: fetch the page's part
   around it then.
*/

import {whenHere} from "./arrivals.js";
import {startComposer} from "./composer.js";
import {startHistory} from "./history.js";
import {live} from "./live.js";
import {startMarks} from "./marks.js";
import {page} from "./page.js";
import {startPresence} from "./presence.js";
import {startQuiet} from "./quiet.js";
import {startRows} from "./rows.js";
import {startScroll} from "./scroll.js";
import {startTyping} from "./typing.js";
import {startUnsent} from "./unsent.js";

// What the page shows of the chat around its thread.
const AROUND = ["state", "ticket", "technician", "contact"];

export function startThreads() {
  whenHere("[data-thread]", start);
  whenHere("form[data-composer]", startComposer);
}

function start(root) {
  const thread = makeThread(root);
  const unwatch = live.watch({chat: thread.chat});
  const drawn = readHead(root);
  live.receive({type: "head", head: drawn});
  [startScroll, startRows, startUnsent, startMarks, startTyping, startPresence, startQuiet, startHistory].forEach(
    (part) => part(thread),
  );
  followState(thread, drawn);
  return () => {
    thread.stop();
    unwatch();
    live.leave(thread.chat);
  };
}

/** What the parts of a thread share: `last` is the last place shown (rows.js); where the reader is, scroll.js says. */
function makeThread(root) {
  const chat = Number(root.dataset.chat);
  const stopping = new AbortController();
  const {signal} = stopping;
  return {
    root,
    chat,
    signal,
    stop: () => stopping.abort(),
    side: root.dataset.side,
    other: root.dataset.side === "technician" ? "contact" : "technician",
    log: root.querySelector("[data-log]"),
    list: root.querySelector("[data-events]"),
    last: 0,
    isAtEnd: true,
    below: 0,
    toEnd() {},
    added() {},
    find: (name) => root.querySelector(`[data-${name}]`),
    head: () => live.heads.get(chat),
    /** Hear what is told about this chat. */
    on: (type, listener) =>
      live.on(type, (frame) => (frame.chat ?? frame.head?.chat) === chat && listener(frame), {signal}),
    /** Whether a line was written by the person who looks. */
    isOwn: (row) =>
      row.dataset.side === root.dataset.side && (page.side === "contact" || row.dataset.author === page.viewer),
  };
}

function readHead(root) {
  try {
    return JSON.parse(root.dataset.head);
  } catch {
    return {};
  }
}

function followState(thread, drawn) {
  let {state} = drawn;
  const tell = (head) => {
    state = head.state;
    const detail = {chat: thread.chat, state, head};
    thread.root.dispatchEvent(new CustomEvent("hd:state", {bubbles: true, detail}));
  };
  thread.on("head", ({head}) => head.state !== state && tell(head));
  // What is told can be quicker than the page that was drawn before it; everybody listens by then.
  queueMicrotask(() => {
    const head = thread.head();
    if (head && AROUND.some((name) => head[name] !== drawn[name])) tell(head);
  });
}
