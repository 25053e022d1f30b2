// The second tab: the person's groups, the bots of the sandbox and the other people.

import { avatar, groupAvatar } from "./avatar.js";
import { cell, cells } from "./cells.js";
import { h, reconcile } from "./element.js";
import { icon } from "./icons.js";
import { createPerson, roleOf } from "./people.js";
import { showProfile } from "./profile.js";
import { nameOf, world } from "./world.js";

export class Contacts {
  constructor(phone) {
    this.phone = phone;
    this.element = h("div.tab-body");
  }

  draw() {
    const state = JSON.stringify([world.people, world.bots, this.phone.groups()]);
    if (state === this.state) return;
    this.state = state;
    const others = world.people.filter((person) => person.id !== this.phone.personId);
    reconcile(this.element, [
      cells("机器人", world.bots.map((bot) => this.bot(bot))) ?? h("p.empty", "还没有机器人连上沙箱"),
      ...[cells("群聊", this.phone.groups().map((group) => this.group(group)))].filter(Boolean),
      cells("联系人", [...others.map((person) => this.person(person)), this.invent()]),
    ]);
  }

  bot(bot) {
    return cell({ lead: avatar(bot), label: nameOf(bot), note: `@${bot.username}`, onclick: () => this.phone.openChat(bot.id) });
  }

  group(entry) {
    const lead = groupAvatar(this.phone.facesOf(entry.chat), 40);
    return cell({ lead, label: entry.title, note: `${entry.members_count ?? ""} 人`, onclick: () => this.phone.openChat(entry.chat) });
  }

  person(person) {
    const onclick = () => showProfile(this.phone, person);
    return cell({ lead: avatar(person), label: nameOf(person), note: roleOf(person), onclick });
  }

  invent() {
    const lead = h("span.avatar.avatar_plain", icon("add"));
    return cell({ lead, label: "新建一个人", onclick: () => this.phone.attempt(() => createPerson(this.phone.glass)) });
  }
}
