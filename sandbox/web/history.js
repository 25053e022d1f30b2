// Keeps the messages of one chat as one person sees them, merged from what the server tells after each event.

import { api } from "./api.js";
import { coalesce } from "./coalesce.js";

export class History {
  constructor(personId, chat, onchange) {
    Object.assign(this, { personId, chat, onchange });
    this.forget();
    this.update = coalesce(() => this.read());
  }

  forget() {
    this.seq = 0;
    this.known = new Map();
    this.pinned = null;
    this.replyKeyboard = null;
  }

  async read() {
    const view = await api.messages(this.personId, this.chat, this.seq);
    const arrived = view.messages.filter((message) => this.merge(message));
    Object.assign(this, { seq: view.seq, pinned: view.pinned, replyKeyboard: view.reply_keyboard });
    this.onchange(arrived);
  }

  /** True when the message had not been seen before. */
  merge(message) {
    const id = keyOf(message);
    const fresh = !this.known.has(id) && !message.deleted;
    if (message.deleted) this.known.delete(id);
    else this.known.set(id, message);
    return fresh;
  }

  /** Oldest first. */
  messages() {
    return [...this.known.values()].sort(byTime);
  }
}

/** Ephemeral messages count in a row of their own. */
export const keyOf = (message) =>
  message.ephemeral_message_id ? `ephemeral-${message.ephemeral_message_id}` : String(message.message_id);

const byTime = (a, b) => a.date - b.date || a.message_id - b.message_id;
