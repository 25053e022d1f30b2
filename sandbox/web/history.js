// Keeps the messages of one chat as one person sees them, merged from what the server tells after each event.

import { api } from "./api.js";
import { coalesce } from "./coalesce.js";

const PAUSE_MS = 100;

export class History {
  constructor(personId, chat, onchange) {
    Object.assign(this, { personId, chat, onchange });
    this.forget();
    this.update = coalesce(() => this.read(), PAUSE_MS);
  }

  forget() {
    this.seq = 0;
    this.known = new Map();
    this.pinned = [];
    this.replyKeyboard = null;
  }

  async read() {
    const view = await api.messages(this.personId, this.chat, this.seq);
    const arrived = view.messages.filter((message) => this.merge(message));
    Object.assign(this, { seq: view.seq, pinned: view.pinned_messages, replyKeyboard: view.reply_keyboard });
    this.onchange(arrived);
  }

  /** True when the message had not been seen before. */
  merge(message) {
    const id = idOf(message);
    const fresh = !this.known.has(id) && !message.deleted;
    if (message.deleted) this.known.delete(id);
    else this.known.set(id, message);
    return fresh;
  }

  /** Oldest first; an ephemeral message stands in the place of the one that it covers on this phone. */
  messages() {
    const all = [...this.known.values()];
    const covering = new Map(all.filter((message) => message.replaces_message_id).map((message) => [message.replaces_message_id, message]));
    const covers = new Set([...covering].filter(([id]) => this.known.has(id)).map(([, message]) => message));
    return all.filter((message) => !covers.has(message)).sort(byTime).map((message) => covering.get(message.message_id) ?? message);
  }
}

/** The number a phone knows a message by: ephemeral ones, which count in a row of their own, are negative. */
export const idOf = (message) => (message.ephemeral_message_id ? -message.ephemeral_message_id : message.message_id);

const numberOf = (message) => (message.ephemeral_message_id ? Infinity : message.message_id);
const byTime = (a, b) => a.date - b.date || (numberOf(a) > numberOf(b) ? 1 : -1);
