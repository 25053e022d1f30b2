// The chat screen: title, pinned bars, bubbles with time lines, and the composer; it follows the chat live.

import { messageNode } from "./bubble.js";
import { openChatInfo } from "./chatinfo.js";
import { Composer } from "./composer.js";
import { Deeds } from "./deeds.js";
import { h, reconcile } from "./element.js";
import { History, keyOf } from "./history.js";
import { icon } from "./icons.js";
import { messageMenu } from "./messagemenu.js";
import { sentAt, separatorTime } from "./moments.js";
import { PinnedBars } from "./pinned.js";
import { nameOf, world } from "./world.js";

const GAP_SECONDS = 300;
const NEAR_BOTTOM_PX = 80;
const TYPING_MS = 5000;
const FLASH_MS = 1200;

export class Conversation {
  constructor(phone, chat) {
    Object.assign(this, { phone, chat: String(chat), unseen: 0, nodes: new Map() });
    this.deeds = new Deeds(this);
    this.actions = this.deeds.textActions();
    this.history = new History(phone.personId, this.chat, (arrived) => this.draw(arrived));
    this.pins = new PinnedBars(this);
    this.composer = new Composer(this.deeds.composerActions());
    this.build();
    this.history.update().then(() => this.toBottom(), (error) => phone.say(error.message));
  }

  // What bubbles and bars ask of the conversation.
  get personId() {
    return this.phone.personId;
  }

  get host() {
    return this.phone.glass;
  }

  get bot() {
    return world.bot(this.chat);
  }

  get isGroup() {
    return !this.bot;
  }

  get summary() {
    return this.phone.summary(this.chat);
  }

  /** The bots that a person can address here. */
  get bots() {
    if (this.bot) return [this.bot];
    return (this.summary?.bots ?? []).map((entry) => world.bot(entry.id ?? entry)).filter(Boolean);
  }

  press = (message, row, column, button) => this.deeds.tap(message, row, column, button);
  menu = (message) => messageMenu(this, message);
  profile = (user) => user && this.deeds.profile(user);

  build() {
    const back = h("button.nav__back", { onclick: () => this.phone.pop(), "aria-label": "返回" }, icon("back"));
    this.backCount = h("span.nav__count");
    back.append(this.backCount);
    this.title = h("h2.nav__title");
    const more = h("button.icon-button", { "aria-label": "聊天信息", onclick: () => openChatInfo(this) }, icon("more"));
    this.list = h("div.messages", { role: "log", "aria-label": "消息", "aria-live": "polite" });
    this.scroller = h("div.scroller", { onscroll: () => this.scrolled(), tabindex: "-1" }, this.list);
    this.pill = h("button.pill", { hidden: true, onclick: () => this.toBottom() });
    this.gate = h("footer.gate", { hidden: true });
    const body = h("div.conversation__body", this.scroller, this.pill);
    const nav = h("header.nav", back, this.title, more);
    this.element = h("section.screen.conversation", nav, this.pins.element, body, this.composer.element, this.gate);
    this.drawFrame();
  }

  // Drawing.
  draw(arrived) {
    const stay = this.atBottom();
    const messages = this.history.messages();
    reconcile(this.list, this.rows(messages));
    this.drawPins();
    this.drawFrame();
    if (arrived.some((message) => !message.out)) this.stopTyping();
    if (stay || arrived.some((message) => message.out)) this.toBottom();
    else this.countUnseen(arrived.length);
  }

  rows(messages) {
    const rows = [];
    const fresh = new Map();
    let previous = null;
    for (const message of messages) {
      if (!previous || message.date - previous.date > GAP_SECONDS) rows.push(this.timeLine(message, fresh));
      rows.push(this.row(message, fresh));
      previous = message;
    }
    this.nodes = fresh;
    return rows;
  }

  /** The node drawn before when nothing changed, so that a press or a selection in it survives. */
  row(message, fresh) {
    return this.keep(fresh, keyOf(message), JSON.stringify(message), () => messageNode(message, this));
  }

  timeLine(message, fresh) {
    const words = separatorTime(sentAt(message), world.now());
    return this.keep(fresh, `time-${keyOf(message)}`, words, () => h("div.time-line", h("time", words)));
  }

  keep(fresh, key, state, build) {
    const known = this.nodes.get(key);
    const entry = known?.state === state ? known : { state, node: build() };
    fresh.set(key, entry);
    return entry.node;
  }

  redrawPins() {
    this.drawPins();
  }

  drawPins() {
    const messages = this.history.messages();
    const ids = new Set(this.summary?.pinned_message_ids ?? []);
    const pinned = messages.filter((message) => ids.has(message.message_id) || message.message_id === this.history.pinned?.message_id);
    const known = this.history.pinned && !pinned.length ? [this.history.pinned] : pinned;
    this.pins.show(known.reverse());
  }

  /** Title, unread count of other chats, and what stands at the bottom: composer, 开始, or 移出黑名单. */
  drawFrame() {
    const count = this.isGroup && this.summary?.members_count ? `(${this.summary.members_count})` : "";
    this.title.textContent = this.typing ? "对方正在输入…" : `${this.name()}${count}`;
    const others = this.phone.chats.filter((chat) => String(chat.chat) !== this.chat);
    const unread = others.reduce((sum, chat) => sum + (chat.unread ?? 0), 0);
    this.backCount.textContent = unread ? String(unread) : "";
    this.composer.offer({ markup: this.history.replyKeyboard, hasBot: this.bots.length > 0 });
    this.drawGate();
  }

  name() {
    return this.bot ? nameOf(this.bot) : (this.summary?.title ?? nameOf(world.group(this.chat)) ?? "");
  }

  drawGate() {
    const gate = this.deeds.gate();
    this.gate.hidden = !gate;
    this.composer.element.hidden = Boolean(gate);
    const same = this.gate.firstChild?.textContent === gate?.label;
    if (gate && !same) reconcile(this.gate, [h("button.gate__button", { onclick: gate.run }, gate.label)]);
  }

  // Scrolling.
  atBottom() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX;
  }

  toBottom() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.countSeen();
  }

  scrolled() {
    if (this.atBottom()) this.countSeen();
  }

  countUnseen(count) {
    this.unseen += count;
    this.pill.hidden = !this.unseen;
    this.pill.replaceChildren(`${this.unseen} 条新消息`, icon("down"));
  }

  countSeen() {
    this.unseen = 0;
    this.pill.hidden = true;
    this.deeds.read();
  }

  jump = (id) => {
    const target = this.list.querySelector(`[data-message="${id}"]`);
    if (!target) return;
    target.scrollIntoView({ block: "center" });
    target.classList.add("is-flashing");
    setTimeout(() => target.classList.remove("is-flashing"), FLASH_MS);
  };

  // Events.
  happened(event) {
    if (!this.concerns(event)) return;
    if (event.type === "typing") this.startTyping();
    else if (event.type !== "clock") this.history.update();
  }

  concerns(event) {
    const mine = [this.chat, String(this.personId), undefined, "undefined", "null"];
    return mine.includes(String(event.chat));
  }

  startTyping() {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.stopTyping(), TYPING_MS);
    this.drawFrame();
  }

  stopTyping() {
    clearTimeout(this.typing);
    this.typing = null;
    this.drawFrame();
  }

  chatsChanged() {
    this.drawFrame();
    this.drawPins();
  }

  recovered() {
    this.history.forget();
    this.history.update();
  }
}
