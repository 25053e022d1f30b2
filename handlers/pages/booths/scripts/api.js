// Asks the server as this screen; a refusal carries the server's code and sentence, silence the code "offline".

import { kept } from "./kept.js";

const PATIENCE = 6000;

export class Refused extends Error {
  constructor(status, code, sentence) {
    super(sentence);
    Object.assign(this, { status, code });
  }
}

export async function ask(method, path, body) {
  let response;
  try {
    response = await fetch(`/booth/api${path}`, {
      method,
      cache: "no-store",
      headers: kept.key ? { Authorization: `Bearer ${kept.key}` } : {},
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    throw new Refused(0, "offline", "");
  }
  const answer = await response.json().catch(() => null);
  if (response.ok && answer) return answer;
  const told = answer?.detail;
  throw new Refused(response.status, told?.error ?? "broken", told?.message ?? "");
}
