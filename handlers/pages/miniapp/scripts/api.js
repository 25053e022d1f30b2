// Asks the server; a refusal becomes an error that carries its code and the server's own sentence.

const session = { word: "" };

export class Refused extends Error {
  constructor(status, code, sentence) {
    super(sentence);
    Object.assign(this, { status, code });
  }
}

export function signedIn(word) {
  session.word = word;
}

/** The answer as JSON; throws Refused, with the code "offline" where nobody answers and "broken" where the server is ill. */
export async function ask(method, path, body) {
  const headers = session.word ? { Authorization: `Bearer ${session.word}` } : {};
  let response;
  try {
    response = await fetch(`/app/api${path}`, { method, headers, cache: "no-store", body: body && JSON.stringify(body) });
  } catch {
    throw new Refused(0, "offline", "");
  }
  const answer = await response.json().catch(() => null);
  if (response.ok && answer) return answer;
  const told = answer?.detail;
  throw new Refused(response.status, told?.error ?? "broken", told?.message ?? "");
}
