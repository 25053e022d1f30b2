// Says in one line what a message is: for the chat list, quotes, the announcement bar and the grey service lines.

import { nameOf } from "./world.js";

const MEDIA = {
  photo: "[图片]",
  sticker: "[表情]",
  animation: "[动画]",
  video: "[视频]",
  video_note: "[视频]",
  voice: "[语音]",
  audio: "[音频]",
  location: "[位置]",
  venue: "[位置]",
  dice: "[骰子]",
  checklist: "[清单]",
  invoice: "[账单]",
  game: "[游戏]",
};

/** The sender of a message: a person, a bot, or the chat itself for anonymous administrators. */
export const senderOf = (message) => message.sender_chat ?? message.from;

/** The words of a message; of a deep link a phone shows /start alone, as Telegram's apps do. */
export function wordsOf(message) {
  const words = message.text ?? message.caption;
  return message.from?.is_bot === false ? words?.replace(/^(\/start) [\w-]{1,64}$/, "$1") : words;
}

/** One line of plain text; never empty for a message that shows something. */
export function summaryOf(message, personId) {
  if (!message) return "";
  const service = serviceText(message, personId);
  if (service) return service;
  if (message.text) return wordsOf(message);
  const label = labelOf(message);
  return [label, message.caption].filter(Boolean).join(" ") || "[暂不支持的消息]";
}

function labelOf(message) {
  if (message.document) return `[文件] ${message.document.file_name ?? ""}`.trim();
  if (message.contact) return `[名片] ${nameOf(message.contact)}`;
  if (message.poll) return `[投票] ${message.poll.question}`;
  const kind = Object.keys(MEDIA).find((name) => message[name]);
  return kind && MEDIA[kind];
}

/** The grey sentence of a service message, or null when the message is an ordinary one. */
export function serviceText(message, personId) {
  const who = (user) => (String(user?.id) === String(personId) ? "你" : nameOf(user));
  const actor = who(message.from);
  if (message.new_chat_members) return joined(message, who);
  if (message.left_chat_member) return left(message, who);
  if (message.new_chat_title) return `${actor}修改群名为“${message.new_chat_title}”`;
  if (message.pinned_message) return `${actor}置顶了一条消息`;
  if (message.group_chat_created || message.supergroup_chat_created) return `${actor}创建了群聊`;
  if (message.new_chat_photo) return `${actor}更换了群头像`;
  if (message.delete_chat_photo) return `${actor}移除了群头像`;
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return "群聊已升级为超级群";
  if (message.forum_topic_created) return `${actor}创建了话题“${message.forum_topic_created.name}”`;
  if (message.forum_topic_closed) return `${actor}关闭了话题`;
  if (message.forum_topic_reopened) return `${actor}重新打开了话题`;
  if (message.write_access_allowed) return "你允许了机器人给你发消息";
  if (message.users_shared || message.chat_shared) return `${actor}分享了所选的对象`;
  return message.web_app_data ? `${actor}从小程序提交了数据` : null;
}

function joined(message, who) {
  const others = message.new_chat_members.filter((member) => member.id !== message.from?.id);
  if (!others.length) return `${who(message.from)}加入了群聊`;
  return `${who(message.from)}邀请${others.map(who).join("、")}加入了群聊`;
}

function left(message, who) {
  const gone = message.left_chat_member;
  if (!message.from || gone.id === message.from.id) return `${who(gone)}退出了群聊`;
  return `${who(message.from)}将${who(gone)}移出了群聊`;
}
