// The chat screen: title, pinned bars, bubbles with time lines, and the composer; it follows the chat live.

import { avatar } from "./avatar.js";
import { messageNode } from "./bubble.js";
import { openChatInfo } from "./chatinfo.js";
import { Composer } from "./composer.js";
import { Deeds } from "./deeds.js";
import { h, reconcile } from "./element.js";
import { History, idOf } from "./history.js";
import { icon } from "./icons.js";
import { messageMenu } from "./messagemenu.js";
import { sentAt, separatorTime } from "./moments.js";
import { PinnedBars } from "./pinned.js";
import { descriptionOf, nameOf, world } from "./world.js";

const GAP_SECONDS = 300;
const NEAR_BOTTOM_PX = 80;
const TYPING_MS = 5000;
const FLASH_MS = 1200;
const TYPING = { true: "有人正在输入…", false: "对方正在输入…" };

export class Conversation {
  constructor(phone, chat) {
    Object.assign(this, { phone, chat: String(chat), unseen: 0, nodes: new Map(), follows: true, place: 0 });
    this.deeds = new Deeds(this);
    this.actions = this.deeds.textActions();
    this.history = new History(phone.personId, this.chat, (arrived) => this.draw(arrived));
    this.pins = new PinnedBars(this);
    this.composer = new Composer(this.deeds.composerActions());
    this.build();
    this.update().then(() => this.toBottom());
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
    return this.summary?.bots ?? [];
  }

  press = (message, row, column, button) => this.deeds.tap(message, row, column, button);
  menu = (message) => messageMenu(this, message);
  react = (message, emoji) => this.deeds.react(message, emoji);
  vote = (message, options) => this.deeds.vote(message, options);
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
    this.watchSize();
    this.element = h("section.screen.conversation", nav, this.pins.element, body, this.composer.element, this.gate);
    this.drawFrame();
  }

  update() {
    return this.phone.attempt(() => this.history.update());
  }

  // Drawing.
  draw(arrived) {
    const messages = this.history.messages();
    reconcile(this.list, messages.length ? this.rows(messages) : this.introduction());
    this.pins.show(this.history.pinned);
    this.drawFrame();
    if (arrived.some((message) => !message.out)) this.stopTyping();
    if (this.follows || arrived.some((message) => message.out)) this.toBottom();
    else this.countUnseen(arrived.length);
  }

  /** What an empty chat with a bot says about the bot. */
  introduction() {
    const about = this.bot && descriptionOf(this.bot, world.person(this.personId));
    return about ? [h("div.introduction", avatar(this.bot, 56), h("strong", nameOf(this.bot)), h("p", about))] : [];
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
    return this.keep(fresh, idOf(message), JSON.stringify(message), () => messageNode(message, this));
  }

  timeLine(message, fresh) {
    const words = separatorTime(sentAt(message), world.now());
    return this.keep(fresh, `time-${idOf(message)}`, words, () => h("div.time-line", h("time", words)));
  }

  keep(fresh, key, state, build) {
    const known = this.nodes.get(key);
    const entry = known?.state === state ? known : { state, node: build() };
    fresh.set(key, entry);
    return entry.node;
  }

  /** Title, unread count of other chats, and what stands at the bottom: composer, 开始, or 移出黑名单. */
  drawFrame() {
    const count = this.isGroup && this.summary?.members_count ? `(${this.summary.members_count})` : "";
    this.title.textContent = this.typing ? TYPING[this.isGroup] : `${this.name()}${count}`;
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

  // Scrolling: the newest message stays in sight until the person scrolls away from it.
  watchSize() {
    const observer = new ResizeObserver(() => this.keepPlace());
    observer.observe(this.scroller);
    observer.observe(this.list);
  }

  keepPlace() {
    const { scrollHeight, clientHeight } = this.scroller;
    this.size = `${scrollHeight}/${clientHeight}`;
    this.scroller.scrollTop = this.follows ? scrollHeight : this.place;
  }

  toBottom() {
    this.follows = true;
    this.keepPlace();
    this.seeAll();
  }

  /** A new size moves the words too; only what a person scrolled is remembered. */
  scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    if (this.size !== `${scrollHeight}/${clientHeight}`) return this.keepPlace();
    this.place = scrollTop;
    this.follows = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX;
    if (this.follows) this.seeAll();
  }

  countUnseen(count) {
    this.unseen += count;
    this.pill.hidden = !this.unseen;
    this.pill.replaceChildren(`${this.unseen} 条新消息`, icon("down"));
  }

  seeAll() {
    this.unseen = 0;
    this.pill.hidden = true;
    this.deeds.read();
  }

  shown() {
    this.keepPlace();
  }

  jump = (id) => {
    const target = this.list.querySelector(`[data-message="${id}"]`);
    if (!target) return this.phone.say("这里看不到那条消息了");
    target.scrollIntoView({ block: "center" });
    target.classList.add("is-flashing");
    setTimeout(() => target.classList.remove("is-flashing"), FLASH_MS);
  };

  // Events.
  happened(event) {
    if (String(event.migrated_from) === this.chat) this.phone.openChat(event.chat);
    if (String(event.chat) !== this.chat) return;
    if (event.type === "typing") this.startTyping();
    else this.update();
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
    if (this.follows) this.deeds.read();
  }

  recovered() {
    this.history.forget();
    this.update();
  }
}
