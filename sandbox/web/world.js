// Holds what every phone shares: the people, the bots, the groups and the sandbox's clock.

import { api } from "./api.js";
import { coalesce } from "./coalesce.js";

const PAUSE_MS = 300;

class World extends EventTarget {
  constructor() {
    super();
    this.people = [];
    this.bots = [];
    this.groups = [];
    this.clock = { now: new Date().toISOString(), rate: 1, offset_seconds: 0 };
    this.faults = { rules: [], limits: true };
    this.seq = 0;
    this.readAt = performance.now();
    this.refresh = coalesce(() => this.read(), PAUSE_MS);
  }

  async read() {
    const { people, bots, groups, clock, faults, seq } = await api.world();
    Object.assign(this, { people, bots, groups, clock, faults, seq, readAt: performance.now() });
    this.dispatchEvent(new Event("changed"));
  }

  /** The domain's present moment as a Date, carried forward from the last reading at the clock's rate. */
  now() {
    const elapsed = (performance.now() - this.readAt) * (this.clock.rate ?? 1);
    return new Date(Date.parse(this.clock.now) + elapsed);
  }

  person(id) {
    return this.people.find((person) => String(person.id) === String(id));
  }

  bot(reference) {
    const wanted = String(reference).replace(/^@/, "").toLowerCase();
    return this.bots.find((bot) => String(bot.id) === wanted || bot.username?.toLowerCase() === wanted);
  }

  group(id) {
    return this.groups.find((group) => String(group.id) === String(id));
  }

  /** A person or bot by id; unknown ones get an empty name rather than an error. */
  user(id) {
    return this.person(id) ?? this.bot(id) ?? { id, first_name: String(id) };
  }
}

export const world = new World();

const CHINESE = /\p{Script=Han}/u;

/** The name a person reads: given name and family name, joined without a space in Chinese. */
export function nameOf(user) {
  if (!user) return "";
  if (user.title) return user.title;
  const parts = [user.first_name, user.last_name].filter(Boolean);
  return parts.join(parts.every((part) => CHINESE.test(part)) ? "" : " ");
}

/** What an empty chat with the bot says, in the person's language or else in the one for everybody. */
export const descriptionOf = (bot, person) => bot.descriptions[person?.language_code.split("-")[0]] ?? bot.description;
