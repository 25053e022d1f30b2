// What a person can do in a conversation, each deed one call to the sandbox; a refusal is shown as a toast.

import { api } from "./api.js";
import { follow } from "./follow.js";
import { form } from "./form.js";
import { shareChat } from "./groups.js";
import { idOf } from "./history.js";
import { openMiniProgram } from "./miniprogram.js";
import { actionSheet, alertBox, choose, confirmBox } from "./overlays.js";
import { avatar } from "./avatar.js";
import { showProfile } from "./profile.js";
import { tap } from "./taps.js";
import { nameOf, world } from "./world.js";

const PHOTO_LIMIT = 10 * 1024 * 1024;

export class Deeds {
  constructor(conversation) {
    this.conversation = conversation;
    this.phone = conversation.phone;
  }

  get chat() {
    return this.conversation.chat;
  }

  get me() {
    return this.phone.personId;
  }

  /** Runs a deed; a refusal becomes a toast and undefined. */
  attempt(deed) {
    return this.phone.attempt(deed);
  }

  say(message) {
    return this.attempt(() => api.say(this.chat, { person_id: this.me, ...message }));
  }

  composerActions() {
    return {
      send: (message) => this.say(message),
      sticker: (sticker) => this.say({ sticker }),
      photo: (file) => this.sendPhoto(file),
      poll: () => this.sendPoll(),
      contact: () => this.sendContact(),
      press: (button) => this.pressKey(button),
      commands: () => this.commands(),
      menu: () => this.openMenu(),
    };
  }

  textActions() {
    return {
      follow: (address) => this.follow(address),
      command: (text) => this.say({ text }),
      mention: (username) => world.bot(username) && this.phone.openChat(world.bot(username).id),
    };
  }

  /** Tells the sandbox once that the newest message has been seen. */
  async read() {
    const { summary, element } = this.conversation;
    const newest = summary?.seq;
    if (!summary?.unread || newest === this.seen || !element.checkVisibility()) return;
    this.seen = newest;
    await this.attempt(() => api.read(this.me, this.chat));
    await this.phone.refresh().catch(() => undefined);
  }

  /** Puts an emoji on a message; the same one again takes it off. */
  react(message, emoji) {
    const mine = message.reactions?.some((entry) => entry.type.emoji === emoji && entry.user_ids.includes(this.me));
    return this.attempt(() => api.react(this.chat, message.message_id, this.me, mine ? null : emoji));
  }

  vote(message, options) {
    return this.attempt(() => api.vote(this.chat, message.message_id, this.me, options));
  }

  // Buttons.
  async tap(message, row, column, button) {
    if (button.web_app) return this.openApp(button);
    if (button.url ?? button.login_url?.url) return this.follow(button.url ?? button.login_url.url);
    if (button.copy_text) return this.copy(button.copy_text.text);
    const query = button.switch_inline_query_current_chat ?? button.switch_inline_query;
    if (query !== undefined) return this.conversation.composer.write(`@${message.from.username} ${query}`);
    const answer = await this.attempt(() => tap(this.chat, idOf(message), { person_id: this.me, row, column }));
    return this.answered(answer);
  }

  async answered(answer) {
    if (answer?.url) return this.follow(answer.url);
    if (!answer?.text) return undefined;
    return answer.show_alert ? void alertBox(this.phone.glass, answer.text) : void this.phone.say(answer.text);
  }

  async copy(text) {
    await navigator.clipboard?.writeText(text).catch(() => undefined);
    this.phone.say("已复制");
  }

  async pressKey(button) {
    if (button.request_contact) return this.shareContact();
    if (button.request_poll) return this.sendPoll();
    if (button.web_app) return this.openApp(button, (data) => api.sendAppData(this.chat, this.me, button.text, data));
    if (button.request_chat) return shareChat(this.phone, this.chat, button.request_chat);
    if (button.request_location || button.request_users) return this.phone.say("这里还不能分享这个");
    return this.say({ text: button.text });
  }

  /** Mini Apps stand in private chats alone; one of a keyboard may hand its data to the bot. */
  openApp(button, send = null) {
    return openMiniProgram(this.phone, { bot: this.chat, url: button.web_app.url, title: this.conversation.name(), send });
  }

  async shareContact() {
    const phone = world.person(this.me)?.phone;
    if (!phone) return this.phone.say("这个人没有手机号");
    const text = `将把 ${phone} 分享给“${this.conversation.name()}”`;
    const agreed = await confirmBox(this.phone.glass, { title: `分享手机号给 ${this.conversation.name()}?`, text, yes: "分享" });
    return agreed && this.attempt(() => api.shareContact(this.chat, this.me));
  }

  follow(address) {
    return follow(this.phone, address);
  }

  // Sending what is not plain text.
  async sendPhoto(file) {
    if (file.size > PHOTO_LIMIT) return this.phone.say("图片不能超过 10 MB");
    const caption = this.conversation.composer.field.value.trim();
    this.conversation.composer.forget();
    return this.say({ photo_base64: await base64(file), ...(caption && { caption }) });
  }

  async sendPoll() {
    const answer = await form(this.phone.glass, "发起投票", [
      { name: "question", label: "问题", required: true, maxlength: 300, placeholder: "周末团购选哪一款？" },
      { name: "options", label: "选项", kind: "area", required: true, placeholder: "每行一个选项" },
    ]);
    if (!answer) return undefined;
    const options = answer.options.split("\n").map((line) => line.trim()).filter(Boolean);
    return this.say({ poll: { question: answer.question, options } });
  }

  async sendContact() {
    const items = world.people.map((person) => ({ value: person.id, label: nameOf(person), note: person.phone, lead: avatar(person) }));
    const chosen = await choose(this.phone.glass, "选择名片", items);
    return chosen === null ? undefined : this.attempt(() => api.shareContact(this.chat, this.me, chosen));
  }

  // The bot's menu and commands.
  commands() {
    const { summary, isGroup } = this.conversation;
    return (summary?.bots ?? []).flatMap((bot) =>
      bot.commands.map(({ command, description }) => ({
        name: command,
        description,
        text: isGroup ? `/${command}@${bot.username}` : `/${command}`,
      })),
    );
  }

  openMenu() {
    const button = this.conversation.summary?.menu_button;
    if (button?.type === "web_app") return this.openApp(button);
    const items = this.commands().map(({ name, description, text }) => ({ label: `${description}  /${name}`, run: () => this.say({ text }) }));
    if (!items.length) return this.phone.say("机器人还没有设置菜单");
    return actionSheet(this.phone.glass, items);
  }

  /** What stands in the composer's place: 开始 for a bot never opened, 移出黑名单 for a blocked one, else null. */
  gate() {
    const { bot, summary, history } = this.conversation;
    if (!bot) return this.phone.inGroup(this.chat) ? null : { label: "加入群聊", run: () => this.attempt(() => api.joinGroup(this.chat, this.me)) };
    if (summary?.blocked) return { label: "移出黑名单", run: () => this.attempt(() => api.unblock(this.me, bot.id)) };
    if (history.known.size || summary?.opened) return null;
    return { label: "开始", run: () => this.attempt(() => api.start(this.chat, this.me)) };
  }

  profile(user) {
    return showProfile(this.phone, user);
  }
}

function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.split(",", 2)[1]);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
