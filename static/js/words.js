/* What the scripts say, and the pieces they put up, both from <template id="hd-words"> (templates/_words.html), so
   that the server translates them.

     word("typing", {name: "Ann"})   one sentence with its {name} filled in
     words("new_messages", 3)        the form for this number (data-plural="one|other|none"), with {n} filled in
     part("mark-read")               a fresh copy of the element with this data-part
*/

const source = document.getElementById("hd-words")?.content ?? document.createDocumentFragment();
const plurals = new Intl.PluralRules(document.documentElement.lang || "en");

export function word(name, values = {}) {
  return fill(source.querySelector(`[data-word="${name}"]`), values);
}

export function words(name, n, values = {}) {
  const form = (kind) => source.querySelector(`[data-word="${name}"][data-plural="${kind}"]`);
  const found = (n === 0 && form("none")) || form(plurals.select(n)) || form("other");
  return fill(found, {n: n.toLocaleString(document.documentElement.lang), ...values});
}

export function part(name) {
  const copy = source.querySelector(`[data-part="${name}"]`).cloneNode(true);
  copy.removeAttribute("data-part");
  return copy;
}

function fill(element, values) {
  const text = element?.textContent ?? "";
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}
