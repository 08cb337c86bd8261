/* The order of each chat: every event once, in its place, whatever the socket, a poll and a catch-up bring, and in
   which order. A gap makes it ask for what came after the last event without one. Used by live.js alone.

     const feeds = makeFeeds({deliver(frame), repeat(frame), ask({chat: seq, …})})
     feeds.follow(chat, seq)  have everything after seq · leave(chat) · has(chat) · isBehind(chat)
     feeds.take(frame, isOld) an event that came · expect(chat, seq) there is an event of this number
     feeds.catchUp({all})     ask now · places() {chat: seq} of all
*/

const ASK_AGAIN_MS = 3000;
// An event and the news that there is one travel by different ways, and either may be first.
const GRACE_MS = 250;

export function makeFeeds({deliver, repeat, ask}) {
  const feeds = new Map();
  let timer = 0;

  function follow(chat, seq) {
    const feed = feeds.get(chat);
    if (!feed) feeds.set(chat, {seq, known: seq, early: new Map(), askedAt: 0});
    // A page that knows less than was told already wants it told again; one that knows more has been told.
    else if (feed.seq !== seq) Object.assign(feed, {seq, known: Math.max(feed.known, seq), early: new Map(), askedAt: 0});
    look();
  }

  function take(frame, isOld) {
    const feed = feeds.get(frame.chat);
    if (!feed) return deliver({...frame, isOld});
    if (frame.seq <= feed.seq) return repeat(frame);
    feed.early.set(frame.seq, {...frame, isOld});
    feed.known = Math.max(feed.known, frame.seq);
    while (feed.early.has(feed.seq + 1)) {
      feed.seq += 1;
      feed.askedAt = 0;
      const next = feed.early.get(feed.seq);
      feed.early.delete(feed.seq);
      deliver(next);
    }
    return look();
  }

  function expect(chat, seq) {
    const feed = feeds.get(chat);
    if (!feed || seq <= feed.known) return;
    feed.known = seq;
    look();
  }

  function look() {
    if (behind().length && !timer) timer = setTimeout(askNow, GRACE_MS);
  }

  function behind() {
    const now = Date.now();
    return [...feeds].filter(([, feed]) => feed.known > feed.seq && now - feed.askedAt > ASK_AGAIN_MS);
  }

  function askNow() {
    timer = 0;
    send(behind());
  }

  /** Ask for what is missing, or with `all` for whatever came after what is known of every chat. */
  function catchUp({all = false} = {}) {
    send(all ? [...feeds] : behind());
  }

  function send(entries) {
    if (!entries.length) return;
    for (const [, feed] of entries) feed.askedAt = Date.now();
    ask(Object.fromEntries(entries.map(([chat, feed]) => [chat, feed.seq])));
  }

  const places = () => Object.fromEntries([...feeds].map(([chat, feed]) => [chat, feed.seq]));
  const leave = (chat) => feeds.delete(chat);
  const has = (chat) => feeds.has(chat);
  const isBehind = (chat) => has(chat) && feeds.get(chat).known > feeds.get(chat).seq;
  return {follow, leave, has, take, expect, catchUp, places, isBehind};
}
