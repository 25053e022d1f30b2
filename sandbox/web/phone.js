// One phone: whose it is, the stack of screens on its glass, and the chats of that person.

import { api } from "./api.js";
import { coalesce } from "./coalesce.js";
import { Conversation } from "./conversation.js";
import { h, reconcile } from "./element.js";
import { follow } from "./follow.js";
import { form } from "./form.js";
import { Home } from "./home.js";
import { clockTime } from "./moments.js";
import { toast } from "./overlays.js";
import { choosePerson } from "./people.js";
import { world } from "./world.js";

const PAUSE_MS = 200;
const SILENT = new Set(["typing", "clock", "tap_answered"]);

export class Phone {
  constructor(desk, { person, chat }) {
    Object.assign(this, { desk, chats: [], screens: [], openedChat: chat ?? null });
    this.statusTime = h("time.status-bar__time");
    this.stage = h("div.phone__stage");
    const status = h("div.status-bar", { "aria-hidden": "true" }, this.statusTime, h("span.status-bar__signal"));
    this.glass = h("div.phone__glass", status, this.stage);
    this.head = h("header.phone__head");
    this.element = h("section.phone", this.head, this.glass);
    this.refresh = coalesce(() => this.read(), PAUSE_MS);
    this.belongTo(person);
    if (chat) this.openChat(chat);
  }

  /** Hands the phone to somebody; the screens of the one before are put away. */
  belongTo(personId) {
    this.personId = personId;
    this.chats = [];
    this.screens = [new Home(this)];
    this.element.dataset.person = personId;
    this.drawTop();
    this.refresh().catch((error) => this.say(error.message));
  }

  async read() {
    const { personId } = this;
    const chats = await api.chats(personId);
    if (personId !== this.personId) return;
    this.chats = chats.filter((entry) => entry.opened || entry.blocked || entry.last_message);
    this.announce("chatsChanged");
  }

  announce(name, ...details) {
    for (const screen of this.screens) screen[name]?.(...details);
  }

  async choosePerson() {
    const chosen = await this.attempt(() => choosePerson(this.glass));
    if (!chosen || chosen === this.personId) return;
    this.openedChat = null;
    this.belongTo(chosen);
    this.desk.remember();
  }

  // Screens.
  push(screen) {
    this.screens.push(screen);
    this.drawTop();
  }

  pop() {
    this.screens.pop();
    this.noteOpened();
    this.drawTop();
  }

  home() {
    this.screens.length = 1;
    this.noteOpened();
    this.drawTop();
  }

  /** Opens a group by its id, or a bot's private chat by its id or username. */
  openChat(chat) {
    this.screens.length = 1;
    this.push(new Conversation(this, world.bot(chat)?.id ?? chat));
    this.noteOpened();
  }

  noteOpened() {
    this.openedChat = this.screens.find((screen) => screen instanceof Conversation)?.chat ?? null;
    this.desk.remember();
  }

  drawTop() {
    reconcile(this.stage, [this.screens.at(-1).element]);
    this.screens.at(-1).shown?.();
  }

  tick(now) {
    this.statusTime.textContent = clockTime(now);
  }

  // What the screens ask.
  say(text) {
    toast(this.glass, text);
  }

  async attempt(deed) {
    try {
      return await deed();
    } catch (error) {
      this.say(error.message);
      return undefined;
    }
  }

  /** Reads the world and this person's chats anew. */
  settle() {
    return this.attempt(() => Promise.all([world.refresh(), this.refresh()]));
  }

  summary(chat) {
    return this.chats.find((entry) => String(entry.chat) === String(chat));
  }

  unread() {
    return this.chats.reduce((sum, entry) => sum + (entry.unread ?? 0), 0);
  }

  groups() {
    return this.chats.filter((entry) => entry.kind !== "private");
  }

  inGroup(chat) {
    return this.groups().some((entry) => String(entry.chat) === String(chat));
  }

  /** The first members of a group, as many as its picture shows. */
  facesOf(chat) {
    return (world.group(chat)?.faces ?? []).map((user) => ({ ...world.user(user.id), is_bot: user.is_bot }));
  }

  async askForLink() {
    const answer = await form(this.glass, "打开链接", [{ name: "address", label: "链接", required: true, placeholder: "t.me/机器人?start=参数" }], "打开");
    if (answer) await follow(this, answer.address);
  }

  async joinByInvite(address) {
    const group = world.groups.find((entry) => entry.invite_links.some((link) => link.invite_link === address));
    if (!group) return this.say("邀请链接无效或已过期");
    const joined = await this.attempt(() => api.joinGroup(group.id, this.personId, address));
    return joined && this.settle().then(() => this.openChat(group.id));
  }

  // Events.
  happened(event) {
    if (event.person_id !== undefined && event.person_id !== this.personId) return;
    this.announce("happened", event);
    if (!SILENT.has(event.type)) this.refresh().catch(() => undefined);
  }
}
