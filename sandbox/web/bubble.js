// Draws one message: avatar, name, bubble with its small tail, quote, card buttons and the small 已编辑.

import { avatar } from "./avatar.js";
import { inlineCard } from "./card.js";
import { h } from "./element.js";
import { coloured } from "./emoji.js";
import { formatted } from "./entities.js";
import { idOf } from "./history.js";
import { mediaOf } from "./media.js";
import { senderOf, serviceText, summaryOf, wordsOf } from "./summary.js";
import { nameOf, world } from "./world.js";

const LONG_PRESS_MS = 500;
const BARE = ["photo", "sticker", "contact", "poll", "document", "dice", "location", "video", "animation", "audio", "voice"];

/** `view` is the conversation: personId, isGroup, host, actions, press(), react(message, emoji), vote(message, options), menu(message), jump(id), profile(user). */
export function messageNode(message, view) {
  const service = serviceText(message, view.personId);
  const dataset = { message: idOf(message) };
  if (service) return h("div.service", { dataset }, h("span", service));
  const sender = senderOf(message);
  const own = message.out ? ".message_out" : ".message_in";
  const face = h("button.message__face", { "aria-label": `${nameOf(sender)}的资料`, onclick: () => view.profile(sender) }, avatar(known(sender)));
  const name = view.isGroup && !message.out && h("div.message__name", nameOf(sender), tagOf(message, sender));
  const body = h("div.message__body", name, contentOf(message, view), inlineCard(message, view.press), quoteOf(message, view), reactionsOf(message, view), noteOf(message));
  return h(`article.message${own}`, { dataset }, face, body);
}

const known = (user) => world.person(user?.id) ?? user;

function tagOf(message, sender) {
  const tag = message.sender_tag ?? (sender?.is_bot ? "机器人" : null);
  return tag && h("span.tag", tag);
}

function contentOf(message, view) {
  const media = mediaOf(message, view);
  const words = wordsOf(message);
  const entities = message.entities ?? message.caption_entities;
  const text = words && h("div.bubble__text", formatted(words, entities, view.actions));
  const bare = media && !text && BARE.some((kind) => message[kind]) ? ".bubble_bare" : "";
  const carded = message.reply_markup?.inline_keyboard?.length ? ".bubble_carded" : "";
  const unknown = !media && !text && h("div.bubble__text", summaryOf(message));
  const bubble = h(`div.bubble${bare}${carded}`, { tabindex: "0" }, originOf(message), media, text, unknown);
  return withMenu(bubble, () => view.menu(message));
}

/** Opens the menu by long press, right click or Enter. */
function withMenu(bubble, open) {
  let timer = 0;
  const stop = () => clearTimeout(timer);
  bubble.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    open();
  });
  bubble.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === bubble) open();
  });
  bubble.addEventListener("touchstart", () => (timer = setTimeout(open, LONG_PRESS_MS)), { passive: true });
  for (const name of ["touchend", "touchmove", "touchcancel"]) bubble.addEventListener(name, stop, { passive: true });
  return bubble;
}

function originOf(message) {
  const origin = message.forward_origin;
  if (!origin) return null;
  const from = origin.sender_user ?? origin.sender_chat ?? origin.chat;
  return h("div.bubble__origin", `转发自 ${from ? nameOf(from) : (origin.sender_user_name ?? "未知")}`);
}

function quoteOf(message, view) {
  const original = message.reply_to_message;
  if (!original) return null;
  const words = `${nameOf(senderOf(original))}：${message.quote?.text ?? summaryOf(original, view.personId)}`;
  return h("button.quote", { onclick: () => view.jump(original.message_id) }, words);
}

/** The emoji people and bots put on the message; a tap adds or takes back the own one. */
function reactionsOf(message, view) {
  if (!message.reactions?.length) return null;
  const pills = message.reactions.map(({ type, total_count: count, user_ids: users }) => {
    const attributes = { "aria-pressed": String(users.includes(view.personId)), "aria-label": `${type.emoji} ${count}`, onclick: () => view.react(message, type.emoji) };
    return h("button.reaction", attributes, h("span", coloured(type.emoji)), count > 1 && h("span", String(count)));
  });
  return h("div.reactions", { role: "group", "aria-label": "表情回应" }, pills);
}

function noteOf(message) {
  const edited = message.edit_date || message.edited_count;
  const notes = [message.ephemeral_message_id && "仅你可见", edited && "已编辑"].filter(Boolean);
  return notes.length ? h("div.message__note", notes.join(" · ")) : null;
}
