/* Tells listeners inside the page. One that fails does not keep the others from hearing.

     const line = bus();
     line.on("event", (frame) => …, {signal})   signal (of an AbortController) ends the listening; also returns off()
     line.emit("event", frame)
*/

export function bus() {
  const listeners = new Map();

  function on(type, listener, {signal} = {}) {
    if (!listeners.has(type)) listeners.set(type, new Set());
    // Wrapped, so that the same function can listen twice and each be ended by itself.
    const entry = {listener};
    const off = () => listeners.get(type).delete(entry);
    listeners.get(type).add(entry);
    signal?.addEventListener("abort", off, {once: true});
    return off;
  }

  function emit(type, detail) {
    for (const {listener} of [...(listeners.get(type) ?? [])]) {
      try {
        listener(detail);
      } catch (error) {
        reportError(error);
      }
    }
  }

  return {on, emit};
}
