// The menu of one message: react, copy, quote, forward, edit; opened by a long press, a right click or Enter.

import { api } from "./api.js";
import { chatAvatar } from "./chatlist.js";
import { coloured } from "./emoji.js";
import { actionSheet, choose } from "./overlays.js";
import { summaryOf } from "./summary.js";

const QUICK = ["👍", "👌", "❤", "🎉", "😁", "🙏"];

export function messageMenu(conversation, message) {
  const words = message.text ?? message.caption;
  const { deeds, composer, host } = conversation;
  const reactions = QUICK.map((emoji) => ({ label: coloured(emoji), run: () => deeds.react(message, emoji) }));
  return actionSheet(host, [
    !message.ephemeral_message_id && { name: "表情回应", row: reactions },
    words && { label: "复制", run: () => deeds.copy(words) },
    { label: "引用", run: () => composer.reply(message) },
    { label: "转发", run: () => forward(conversation, message) },
    message.out && message.text && { label: "编辑", run: () => composer.edit(message) },
  ]);
}

async function forward(conversation, message) {
  const { phone, deeds, chat } = conversation;
  const items = phone.chats.map((entry) => ({ value: entry.chat, label: entry.title, lead: chatAvatar(entry, phone, 40) }));
  const target = await choose(phone.glass, `转发：${summaryOf(message).slice(0, 20)}`, items);
  if (target === null) return;
  const forward_from = { chat, message_id: message.message_id };
  const sent = await deeds.attempt(() => api.say(target, { person_id: phone.personId, forward_from }));
  if (sent) phone.say("已转发");
}
