/* *Ann's page is closed. Your messages wait there.* – while a chat goes on and no page of the other side is open. */

// A page that is being loaded again is away for a moment only.
const AWAY_AFTER_MS = 4000;

export function startPresence(thread) {
  const note = thread.find("away");
  let timer = 0;
  const look = () => {
    const head = thread.head();
    const isAway = head?.state === "active" && head.pages && !head.pages[thread.other];
    if (!isAway) {
      clearTimeout(timer);
      timer = 0;
      note.hidden = true;
    } else if (!timer) {
      timer = setTimeout(() => {
        note.hidden = false;
      }, AWAY_AFTER_MS);
    }
  };
  look();
  thread.on("head", look);
  thread.signal.addEventListener("abort", () => clearTimeout(timer));
}
