// The first tab: the person's chats, newest first, with avatar grids, last words, times and red unread badges.

import { avatar, groupAvatar } from "./avatar.js";
import { h, reconcile } from "./element.js";
import { listTime, sentAt } from "./moments.js";
import { senderOf, serviceText, summaryOf } from "./summary.js";
import { nameOf, world } from "./world.js";

const BADGE_LIMIT = 99;

export class ChatList {
  constructor(phone) {
    this.phone = phone;
    this.list = h("div.chat-list", { role: "list", "aria-label": "聊天" });
    this.element = h("div.tab-body", this.list);
    this.nodes = new Map();
  }

  draw() {
    const fresh = new Map();
    for (const entry of this.phone.chats) fresh.set(String(entry.chat), this.row(entry));
    this.nodes = fresh;
    const rows = [...fresh.values()].map(({ node }) => node);
    reconcile(this.list, rows.length ? rows : [this.emptyNote()]);
  }

  emptyNote() {
    return h("p.empty", "还没有聊天。到“通讯录”里打开一个机器人，或点右上角 ⊕ 发起群聊。");
  }

  row(entry) {
    const time = entry.last_message ? listTime(sentAt(entry.last_message), world.now()) : "";
    const faces = this.phone.facesOf(entry.chat).map((face) => [face.id, nameOf(face)]);
    const state = JSON.stringify([entry, time, faces]);
    const known = this.nodes.get(String(entry.chat));
    return known?.state === state ? known : { state, node: this.build(entry, time) };
  }

  build(entry, time) {
    const badge = entry.unread ? h("span.badge", entry.unread > BADGE_LIMIT ? "99+" : String(entry.unread)) : null;
    const face = h("span.chat-row__face", chatAvatar(entry, this.phone), badge);
    const head = h("span.chat-row__head", h("span.chat-row__title", entry.title), h("time.chat-row__time", time));
    const words = h("span.chat-row__words", entry.blocked ? "[已拉黑] " : "", lastWords(entry, this.phone.personId));
    const label = entry.unread ? `${entry.title}，${entry.unread} 条未读` : entry.title;
    const attributes = { "aria-label": label, onclick: () => this.phone.openChat(entry.chat), dataset: { chat: entry.chat } };
    return h("div.chat-item", { role: "listitem" }, h("button.chat-row", attributes, face, h("span.chat-row__text", head, words)));
  }
}

export function chatAvatar(entry, phone, size = 48) {
  if (entry.kind === "private") return avatar(world.user(entry.chat), size);
  return groupAvatar(phone.facesOf(entry.chat), size);
}

function lastWords(entry, personId) {
  const message = entry.last_message;
  if (!message) return "";
  const words = summaryOf(message, personId).replace(/\s+/g, " ");
  const named = entry.kind !== "private" && String(senderOf(message)?.id) !== String(personId) && !serviceText(message, personId);
  return named ? `${nameOf(senderOf(message))}: ${words}` : words;
}
