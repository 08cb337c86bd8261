/* Whether news of a chat's state is news: heads travel by several ways, and an older one may come later. Each tells
   one version of the same row, in which everything only ever moves forward. */

const ORDER = {requested: 0, active: 1, ended: 2};

export function isNewer(head, known) {
  if (!known) return true;
  if (ORDER[head.state] !== ORDER[known.state]) return ORDER[head.state] > ORDER[known.state];
  if (head.last_seq !== known.last_seq) return head.last_seq > known.last_seq;
  if (isBehind(head.delivered, known.delivered) || isBehind(head.read, known.read)) return false;
  return !(Date.parse(head.idle_due_at) < Date.parse(known.idle_due_at));
}

const isBehind = (marks, known) => marks.technician < known.technician || marks.contact < known.contact;
