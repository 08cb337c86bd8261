/* JSON to and from the server. Both raise when the server cannot be reached within ten seconds.

   getJson(address), postJson(address, body) → {status, body}; status 401 when the page is signed out.
   remove(address) → the same · csrfToken() for whoever must send by other means
*/

const WITHIN_MS = 10_000;
const SIGNED_OUT = 401;

export function csrfToken() {
  try {
    return JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  } catch {
    return "";
  }
}

export const getJson = (address) => ask(address, {});

export function postJson(address, body) {
  const headers = {"Content-Type": "application/json", "X-CSRFToken": csrfToken()};
  return ask(address, {method: "POST", headers, body: JSON.stringify(body)});
}

export const remove = (address) => ask(address, {method: "DELETE", headers: {"X-CSRFToken": csrfToken()}});

async function ask(address, options) {
  const headers = {Accept: "application/json", ...options.headers};
  const signal = AbortSignal.timeout(WITHIN_MS);
  const answer = await fetch(address, {...options, headers, signal, credentials: "same-origin", cache: "no-store"});
  // The way to the sign-in page looks like success otherwise.
  if (answer.redirected) return {status: SIGNED_OUT, body: null};
  return {status: answer.status, body: await readBody(answer)};
}

async function readBody(answer) {
  const isJson = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
  return isJson ? answer.json() : null;
}
