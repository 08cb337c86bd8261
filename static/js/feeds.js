/* The order of each chat: every event once, in its place, whatever the socket, a poll and a catch-up bring, and in
   which order. A gap makes it ask for what came after the last event without one. Used by live.js alone.

     const feeds = new Feeds({deliver(frame), repeat(frame), ask({chat: seq, …})})
     feeds.follow(chat, seq)  have everything after seq · leave(chat) · has(chat) · isBehind(chat)
     feeds.take(frame, isOld) an event that came · expect(chat, seq) there is an event of this number
     feeds.catchUp({all, told})  ask now · places() {chat: seq} of all
*/

const ASK_AGAIN_MS = 3000;
// An event and the news that there is one travel by different ways, and either may be first.
const GRACE_MS = 250;

export class Feeds {
  // chat → {seq: told up to there, known: there is one up to there, early: those that came too soon, askedAt}
  #feeds = new Map();
  #tell;
  #timer = 0;

  constructor(tell) {
    this.#tell = tell;
  }

  follow(chat, seq) {
    const known = Math.max(seq, this.#feeds.get(chat)?.known ?? 0);
    // A page that knows less than was told already wants it told again; one that knows more has been told.
    if (this.#feeds.get(chat)?.seq !== seq) this.#feeds.set(chat, {seq, known, early: new Map(), askedAt: 0});
    this.#look();
  }

  leave(chat) {
    this.#feeds.delete(chat);
  }

  has(chat) {
    return this.#feeds.has(chat);
  }

  isBehind(chat) {
    const feed = this.#feeds.get(chat);
    return feed !== undefined && feed.known > feed.seq;
  }

  places() {
    return Object.fromEntries([...this.#feeds].map(([chat, {seq}]) => [chat, seq]));
  }

  take(frame, isOld) {
    const feed = this.#feeds.get(frame.chat);
    if (!feed) {
      this.#tell.deliver({...frame, isOld});
    } else if (frame.seq <= feed.seq) {
      this.#tell.repeat(frame);
    } else {
      feed.early.set(frame.seq, {...frame, isOld});
      feed.known = Math.max(feed.known, frame.seq);
      this.#deliverInOrder(feed);
      this.#look();
    }
  }

  #deliverInOrder(feed) {
    for (let next = feed.early.get(feed.seq + 1); next; next = feed.early.get(feed.seq + 1)) {
      feed.early.delete(next.seq);
      feed.seq = next.seq;
      feed.askedAt = 0;
      this.#tell.deliver(next);
    }
  }

  expect(chat, seq) {
    const feed = this.#feeds.get(chat);
    if (!feed || seq <= feed.known) return;
    feed.known = seq;
    this.#look();
  }

  /** Ask for what is missing; with `all` at once, and of chats that were not `told` of, for whatever came since too. */
  catchUp({all = false, told = new Set()} = {}) {
    const now = Date.now();
    const isDue = ([chat, {seq, known, askedAt}]) =>
      all ? known > seq || !told.has(chat) : known > seq && now - askedAt > ASK_AGAIN_MS;
    const wanted = [...this.#feeds].filter(isDue);
    if (!wanted.length) return;
    for (const [, feed] of wanted) feed.askedAt = now;
    this.#tell.ask(Object.fromEntries(wanted.map(([chat, {seq}]) => [chat, seq])));
  }

  #look() {
    const isAnyBehind = [...this.#feeds.keys()].some((chat) => this.isBehind(chat));
    if (!isAnyBehind || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      this.catchUp();
    }, GRACE_MS);
  }
}
