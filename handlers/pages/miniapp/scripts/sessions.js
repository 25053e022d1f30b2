// The session that the page was given, kept for a reload; it also knows the words of the member's language.

import { ask } from "./api.js";
import { initData } from "./telegram.js";

const place = `session:${new URLSearchParams(initData).get("hash")}`;

/** A session outlives the five minutes of what Telegram signed, and a reload of the page. */
export async function signIn() {
  const kept = sessionStorage.getItem(place);
  if (kept) return JSON.parse(kept);
  const made = await ask("POST", "/session", { init_data: initData });
  sessionStorage.setItem(place, JSON.stringify(made));
  return made;
}

/** Speaks another language from now on: the page opens anew in it, at this view. */
export async function sessionSpeaks(language, view) {
  const made = await ask("PUT", "/language", { language });
  sessionStorage.setItem(place, JSON.stringify({ ...(await signIn()), ...made }));
  history.replaceState(null, "", `?view=${view}${location.hash}`);
  location.reload();
}
