// Sends presses of inline buttons and waits for the bot's answer to each of them.

import { api } from "./api.js";
import { stream } from "./events.js";

const GIVE_UP_MS = 15_000;
const waiting = new Map();

/** Presses a button; resolves to {text, show_alert, url}, or null when the bot gave no words or no answer in time. */
export async function tap(chat, message, press) {
  const { callback_query_id: id, answer } = await api.tap(chat, message, press);
  return answer ?? (id ? answerOf(id) : null);
}

function answerOf(id) {
  return new Promise((resolve) => {
    waiting.set(String(id), resolve);
    setTimeout(() => settle(id, null), GIVE_UP_MS);
    look(id);
  });
}

async function look(id) {
  const state = await api.tapAnswer(id).catch(() => null);
  if (state?.answered) settle(id, state.answer ?? state);
}

function settle(id, answer) {
  waiting.get(String(id))?.(answer);
  waiting.delete(String(id));
}

stream.addEventListener("happened", ({ detail }) => {
  if (detail.type !== "tap_answered") return;
  const id = detail.callback_query_id;
  for (const known of id && waiting.has(String(id)) ? [id] : [...waiting.keys()]) look(known);
});
stream.addEventListener("recovered", () => [...waiting.keys()].forEach(look));
