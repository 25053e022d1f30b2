// The ⋯ screen of a chat: members, group name, bots and their rights, leaving; for a bot, blocking it.

import { api } from "./api.js";
import { avatar } from "./avatar.js";
import { cell, cells } from "./cells.js";
import { coalesce } from "./coalesce.js";
import { h, reconcile } from "./element.js";
import { form } from "./form.js";
import { chooseBot } from "./groups.js";
import { icon } from "./icons.js";
import { actionSheet, choose, confirmBox } from "./overlays.js";
import { showProfile } from "./profile.js";
import { RIGHT_CHOICES, rightsOf } from "./rights.js";
import { descriptionOf, nameOf, world } from "./world.js";

const PAUSE_MS = 500;
const FIRST_FACES = 18;
const CHANGES = new Set(["member", "chat"]);

export const openChatInfo = (conversation) => conversation.phone.push(new ChatInfo(conversation));

class ChatInfo {
  constructor({ phone, chat, bot, deeds }) {
    Object.assign(this, { phone, chat, bot, deeds, members: [], whole: false });
    const back = h("button.nav__back", { "aria-label": "返回", onclick: () => phone.pop() }, icon("back"));
    this.body = h("div.tab-body");
    this.element = h("section.screen.chat-info", h("header.nav", back, h("h2.nav__title", "聊天信息"), h("span.icon-button")), this.body);
    this.refresh = coalesce(() => this.read(), PAUSE_MS);
    this.draw();
    if (!bot) phone.attempt(() => this.refresh());
  }

  /** Reads the members, who may be many and are told only here. */
  async read() {
    const { members } = await api.group(this.chat);
    this.members = members.map(({ user, ...standing }) => ({ ...world.user(user.id), ...standing, is_bot: user.is_bot }));
    this.draw();
  }

  happened(event) {
    if (!this.bot && String(event.chat) === this.chat && CHANGES.has(event.type)) this.refresh().catch(() => undefined);
  }

  chatsChanged() {
    this.draw();
  }

  draw() {
    const rows = this.bot ? this.botRows() : this.groupRows();
    reconcile(this.body, rows.filter(Boolean));
  }

  get group() {
    return { ...world.group(this.chat), ...this.phone.summary(this.chat) };
  }

  /** Runs a deed and reads the world anew. */
  async deed(work) {
    const done = await this.phone.attempt(work);
    await Promise.all([this.phone.settle(), this.bot ? undefined : this.refresh().catch(() => undefined)]);
    return done;
  }

  // A private chat with a bot.
  botRows() {
    const { phone, bot } = this;
    const blocked = phone.summary(this.chat)?.blocked;
    const about = descriptionOf(bot, world.person(phone.personId));
    const turn = () => this.deed(() => (blocked ? api.unblock(phone.personId, bot.id) : api.block(phone.personId, bot.id)));
    return [
      h("div.me__card", avatar(bot, 64), h("div.me__words", h("strong", nameOf(bot)), h("span", `@${bot.username}`))),
      about && h("p.profile__text", about),
      cells("命令", this.deeds.commands().map(({ name, description, text }) => cell({ label: `/${name}`, value: description, onclick: () => this.command(text) }))),
      cells("", [cell({ label: blocked ? "移出黑名单" : "加入黑名单", danger: !blocked, onclick: turn })]),
    ];
  }

  command(text) {
    this.phone.pop();
    return this.deeds.say({ text });
  }

  // A group.
  groupRows() {
    const { phone, group, members } = this;
    const shown = this.whole ? members : members.slice(0, FIRST_FACES);
    const bots = members.filter((member) => member.is_bot);
    return [
      h("div.members", shown.map((member) => this.face(member)), this.invitation()),
      shown.length < members.length && h("button.members__all", { onclick: () => this.showAll() }, `查看全部 ${members.length} 位群成员`, icon("chevron")),
      cells("", [
        cell({ label: "群聊名称", value: group.title, onclick: () => this.rename() }),
        cell({ label: "群编号", value: String(this.chat) }),
        cell({ label: "类型", value: group.kind === "group" || group.type === "group" ? "普通群" : "超级群" }),
        ...(group.invite_links ?? []).filter((link) => !link.is_revoked).map((link) => cell({ label: "邀请链接", value: link.invite_link })),
      ]),
      cells("机器人", [
        ...bots.map((bot) => cell({ lead: avatar(bot), label: nameOf(bot), value: bot.status === "administrator" ? "管理员" : "成员", onclick: () => this.manage(bot) })),
        cell({ lead: h("span.avatar.avatar_plain", icon("add")), label: "添加机器人", onclick: () => this.addBot(bots) }),
      ]),
      cells("", [
        group.type === "group" && cell({ label: "升级为超级群", onclick: () => this.migrate() }),
        phone.inGroup(this.chat) && cell({ label: "退出群聊", danger: true, onclick: () => this.leave() }),
      ]),
    ];
  }

  showAll() {
    this.whole = true;
    this.draw();
  }

  face(member) {
    const onclick = () => showProfile(this.phone, member);
    return h("button.member", { onclick }, avatar(member, 48), h("span", nameOf(member)));
  }

  invitation() {
    return h("button.member", { "aria-label": "邀请成员", onclick: () => this.invite() }, h("span.avatar.avatar_plain.avatar_dashed", icon("add")));
  }

  async invite() {
    const present = new Set(this.members.map((member) => member.id));
    const items = world.people
      .filter((person) => !present.has(person.id))
      .map((person) => ({ value: person.id, label: nameOf(person), lead: avatar(person) }));
    const chosen = await choose(this.phone.glass, "邀请谁进群", items, "大家都在群里了");
    if (chosen !== null) await this.deed(() => api.joinGroup(this.chat, chosen));
  }

  async rename() {
    const answer = await form(this.phone.glass, "修改群名", [{ name: "title", label: "群名", value: this.group.title, required: true, maxlength: 128 }]);
    if (answer) await this.deed(() => api.renameGroup(this.chat, this.phone.personId, answer.title));
  }

  addBot(bots) {
    return chooseBot(this.phone, this.chat, new Set(bots.map((bot) => bot.id)));
  }

  manage(bot) {
    const person_id = this.phone.personId;
    const change = (rights, remove) => this.deed(() => api.changeBot(this.chat, bot.id, { person_id, rights, ...(remove && { remove }) }));
    return actionSheet(
      this.phone.glass,
      [
        { label: "设为管理员…", run: () => this.promote(bot, change) },
        bot.status === "administrator" && { label: "撤销管理员", run: () => change(null) },
        { label: "移出群聊", danger: true, run: () => change(null, true) },
      ],
      nameOf(bot),
    );
  }

  async promote(bot, change) {
    const held = RIGHT_CHOICES.options.map(({ value }) => value).filter((right) => bot[right]);
    const answer = await form(this.phone.glass, `“${nameOf(bot)}”的权限`, [{ ...RIGHT_CHOICES, value: held }]);
    if (answer) await change(rightsOf(answer.rights));
  }

  migrate() {
    return this.deed(() => api.migrate(this.chat)).then((done) => done && this.phone.home());
  }

  async leave() {
    const agreed = await confirmBox(this.phone.glass, { text: `退出“${this.group.title}”？`, yes: "退出" });
    if (!agreed) return;
    await this.deed(() => api.leaveGroup(this.chat, this.phone.personId));
    this.phone.home();
  }
}
