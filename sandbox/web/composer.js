// The bar at the bottom of a conversation: words, stickers, photos and the rest, the bot's menu and its reply keyboard.

import { h, reconcile } from "./element.js";
import { icon } from "./icons.js";
import { replyKeyboard } from "./keyboard.js";
import { summaryOf, senderOf } from "./summary.js";
import { nameOf } from "./world.js";

const STICKERS = [..."😀😂😍🤔😭👍👏🙏🎉❤️🌹🎂☕🧧💰"].filter((mark) => mark !== "\ufe0f");
const LINES_MAX_PX = 112;

/** `deeds` gives send({text}), sticker(emoji), photo(file), poll(), contact(), press(button), commands(), menu(). */
export class Composer {
  constructor(deeds) {
    this.deeds = deeds;
    this.context = null;
    this.panelKind = null;
    this.markup = null;
    this.build();
  }

  build() {
    const { deeds } = this;
    this.field = h("textarea.composer__field", { rows: "1", "aria-label": "输入消息", enterkeyhint: "send" });
    this.field.addEventListener("input", () => this.typed());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.menuButton = h("button.icon-button", { "aria-label": "菜单", onclick: () => deeds.menu() }, icon("menu"));
    this.keysButton = h("button.icon-button", { "aria-label": "机器人键盘", onclick: () => this.toggle("keys") }, icon("keyboard"));
    this.moreButton = h("button.icon-button", { "aria-label": "更多功能", onclick: () => this.toggle("more") }, icon("plus"));
    this.sendButton = h("button.composer__send", { onclick: () => this.send() }, "发送");
    const faces = h("button.icon-button", { "aria-label": "表情", onclick: () => this.toggle("stickers") }, icon("smile"));
    this.bar = h("div.composer__bar", this.menuButton, this.field, this.keysButton, faces, this.moreButton, this.sendButton);
    this.contextLine = h("div.composer__context", { hidden: true });
    this.commandList = h("div.commands", { hidden: true, role: "listbox", "aria-label": "命令" });
    this.panel = h("div.composer__panel", { hidden: true });
    this.element = h("footer.composer", this.commandList, this.contextLine, this.bar, this.panel);
    this.typed();
  }

  /** What the chat offers right now: a reply keyboard, and whether there is a bot with a menu. */
  offer({ markup, hasBot }) {
    const same = JSON.stringify(markup) === JSON.stringify(this.markup);
    this.markup = markup;
    this.menuButton.hidden = !hasBot;
    this.keysButton.hidden = !markup?.keyboard;
    this.suggest();
    this.field.placeholder = markup?.input_field_placeholder ?? "";
    if (same) return;
    if (markup?.keyboard) this.show("keys");
    else if (this.panelKind === "keys") this.show(null);
  }

  typed() {
    const text = this.field.value;
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, LINES_MAX_PX)}px`;
    this.sendButton.hidden = !text.trim();
    this.moreButton.hidden = !this.sendButton.hidden;
    this.suggest();
  }

  /** Shows the commands that begin with what stands after the slash. */
  suggest() {
    const prefix = /^\/(\S*)$/.exec(this.field.value)?.[1].toLowerCase();
    const commands = prefix === undefined ? [] : this.deeds.commands().filter(({ name }) => name.startsWith(prefix));
    const shown = JSON.stringify(commands);
    if (shown === this.suggested) return;
    this.suggested = shown;
    this.commandList.hidden = !commands.length;
    reconcile(this.commandList, commands.map((command) => this.commandRow(command)));
  }

  commandRow({ name, description, text }) {
    const onclick = () => {
      this.field.value = "";
      this.typed();
      this.deeds.send({ text });
    };
    return h("button.commands__row", { onclick, role: "option" }, h("b", `/${name}`), h("span", description));
  }

  key(event) {
    if (event.key === "Escape") this.forget();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.send();
  }

  send() {
    const text = this.field.value.trim();
    if (!text) return;
    const { context } = this;
    this.forget();
    const message = { text };
    if (context?.kind === "reply") message.reply_to_message_id = context.message.message_id;
    if (context?.kind === "edit") message.edit_of = context.message.message_id;
    this.deeds.send(message);
  }

  write(text) {
    this.field.value = text;
    this.typed();
    this.field.focus();
  }

  reply(message) {
    this.about("reply", message, `回复 ${nameOf(senderOf(message))}：${summaryOf(message)}`);
  }

  edit(message) {
    this.about("edit", message, `编辑：${summaryOf(message)}`);
    this.write(message.text ?? message.caption ?? "");
  }

  about(kind, message, words) {
    this.context = { kind, message };
    const cancel = h("button.icon-button", { "aria-label": "取消", onclick: () => this.forget() }, icon("close"));
    reconcile(this.contextLine, [h("span", words), cancel]);
    this.contextLine.hidden = false;
    this.field.focus();
  }

  forget() {
    this.context = null;
    this.contextLine.hidden = true;
    this.field.value = "";
    this.typed();
  }

  toggle(kind) {
    this.show(this.panelKind === kind ? null : kind);
  }

  show(kind) {
    this.panelKind = kind;
    this.panel.hidden = !kind;
    const fill = { keys: () => this.keys(), stickers: () => this.stickers(), more: () => this.more() }[kind];
    reconcile(this.panel, fill ? [fill()] : []);
    this.keysButton.setAttribute("aria-expanded", String(kind === "keys"));
  }

  keys() {
    return replyKeyboard(this.markup, (button) => {
      if (this.markup.one_time_keyboard) this.show(null);
      this.deeds.press(button);
    });
  }

  stickers() {
    const faces = STICKERS.map((mark) => h("button.stickers__one", { onclick: () => this.deeds.sticker(mark) }, mark));
    return h("div.stickers", { role: "group", "aria-label": "表情" }, faces);
  }

  more() {
    const picker = h("input", { accept: "image/*", hidden: true, "aria-label": "选择图片" });
    picker.type = "file";
    picker.addEventListener("change", () => picker.files[0] && this.deeds.photo(picker.files[0]));
    const tiles = [
      this.tile("photo", "图片", () => picker.click()),
      this.tile("card", "名片", () => this.deeds.contact()),
      this.tile("poll", "投票", () => this.deeds.poll()),
    ];
    return h("div.more", tiles, picker);
  }

  tile(name, label, onclick) {
    return h("button.more__tile", { onclick }, h("span.more__icon", icon(name)), label);
  }
}
