/* What the page says about itself on <body>: who looks, from which side, and where the server listens.

   page.side "technician" or "contact", page.other the other one · page.viewer a key of who this is · page.technician
   the technician's number, or null on the contact's side · page.socket, page.sync, page.chats addresses
*/

const {side = "", viewer = "", socket = "", sync = "", chats = ""} = document.body.dataset;

export const page = Object.freeze({
  side,
  viewer,
  socket,
  sync,
  chats,
  other: side === "technician" ? "contact" : "technician",
  technician: side === "technician" ? Number(viewer.slice(1)) : null,
});

/** Whether a chat, by its head, is this viewer's own: what happens in it is delivered to and read by this person. */
export function isMine(head) {
  return page.side === "contact" || (head !== undefined && head.technician === page.technician);
}
