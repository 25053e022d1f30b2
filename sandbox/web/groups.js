// Starts groups, joins them, and brings bots into them, as people do by hand in the chat.

import { api } from "./api.js";
import { avatar, groupAvatar } from "./avatar.js";
import { form } from "./form.js";
import { choose } from "./overlays.js";
import { RIGHT_CHOICES, namesFromLink, rightsOf } from "./rights.js";
import { nameOf, world } from "./world.js";

/** Asks for a title and members, starts the group and opens it. */
export async function createGroup(phone) {
  const others = world.people.filter((person) => person.id !== phone.personId);
  const answer = await form(phone.glass, "发起群聊", [
    { name: "title", label: "群名", required: true, maxlength: 128, placeholder: "A银行&老王面馆商户福利群" },
    { name: "kind", label: "类型", kind: "select", options: [{ value: "supergroup", label: "超级群" }, { value: "group", label: "普通群" }] },
    { name: "member_ids", label: "成员", kind: "checks", options: others.map((person) => ({ value: person.id, label: nameOf(person) })) },
  ]);
  if (!answer) return;
  const group = await phone.attempt(() =>
    api.createGroup({ ...answer, member_ids: answer.member_ids.map(Number), owner_id: phone.personId }),
  );
  if (group) await phone.settle().then(() => phone.openChat(group.id));
}

/** Shows the groups that this person is not in, as if their codes hung on the wall. */
export async function joinGroup(phone) {
  await phone.settle();
  const items = world.groups
    .filter((group) => !phone.inGroup(group.id))
    .map((group) => ({ value: group.id, label: group.title, lead: groupAvatar(phone.facesOf(group.id), 40) }));
  const chosen = await choose(phone.glass, "扫码进群", items, "没有可以加入的群");
  if (chosen === null) return;
  const joined = await phone.attempt(() => api.joinGroup(chosen, phone.personId));
  if (joined) await phone.settle().then(() => phone.openChat(chosen));
}

/** Follows a startgroup link: choose one of the person's groups and the rights, then the bot comes in. */
export async function addBotToGroup(phone, { bot, parameter, rights }) {
  const items = phone.groups().map((entry) => ({ value: entry.chat, label: entry.title, lead: groupAvatar(phone.facesOf(entry.chat), 40) }));
  const chat = await choose(phone.glass, `将“${nameOf(bot)}”添加到`, items, "你还没有群聊");
  if (chat !== null) await bringBot(phone, chat, bot, parameter, namesFromLink(rights));
}

const NEW_GROUP = "new";

/** Presses a button that asks for a group: choose an own one or make one, and the bot comes in with its rights. */
export async function shareChat(phone, chat, wanted) {
  const own = phone.groups().map((entry) => ({ value: entry.chat, label: entry.title, lead: groupAvatar(phone.facesOf(entry.chat), 40) }));
  const chosen = await choose(phone.glass, "选择群聊", [{ value: NEW_GROUP, label: "新建群聊", note: "机器人随新群一起加入" }, ...own]);
  if (chosen === null) return;
  const sharing = { person_id: phone.personId, request_id: wanted.request_id };
  if (chosen === NEW_GROUP) {
    const answer = await form(phone.glass, "新建群聊", [{ name: "title", label: "群名", required: true, maxlength: 128, value: "新群" }], "创建");
    if (!answer) return;
    sharing.title = answer.title;
  } else sharing.chat = chosen;
  if ((await phone.attempt(() => api.shareChat(chat, sharing))) !== undefined) await phone.settle();
}

/** Chooses a bot for this group. */
export async function chooseBot(phone, chat, present) {
  const items = world.bots
    .filter((bot) => !present.has(bot.id))
    .map((bot) => ({ value: bot.id, label: nameOf(bot), note: `@${bot.username}`, lead: avatar(bot) }));
  const chosen = await choose(phone.glass, "添加机器人", items, "没有别的机器人");
  if (chosen !== null) await bringBot(phone, chat, world.bot(chosen), "", []);
}

async function bringBot(phone, chat, bot, parameter, rights) {
  const answer = await form(
    phone.glass,
    `添加“${nameOf(bot)}”`,
    [{ name: "start_parameter", label: "启动参数", value: parameter, placeholder: "可不填", maxlength: 64 }, { ...RIGHT_CHOICES, value: rights }],
    "添加",
  );
  if (!answer) return;
  const addition = { person_id: phone.personId, bot: bot.id, rights: rightsOf(answer.rights) };
  if (answer.start_parameter) addition.start_parameter = answer.start_parameter;
  const added = await phone.attempt(() => api.addBot(chat, addition));
  if (added !== undefined) await phone.settle().then(() => phone.openChat(chat));
}
