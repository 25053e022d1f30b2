// Follows a link that somebody tapped: deep links open here, the rest of the web in a new tab.

import { api } from "./api.js";
import { addBotToGroup } from "./groups.js";
import { readLink } from "./links.js";
import { openMiniProgram } from "./miniprogram.js";
import { choose } from "./overlays.js";
import { world } from "./world.js";

export async function follow(phone, address) {
  const link = readLink(address);
  if (!link) return phone.say("这个链接打不开");
  if (link.kind === "web") return void window.open(link.address, "_blank", "noopener,noreferrer");
  if (link.kind === "bot") return openBot(phone, link);
  if (link.kind === "invite") return phone.joinByInvite(link.address);
  if (link.kind === "share") return share(phone, link.text);
  return openApp(phone, link);
}

/** `t.me/<bot>?startapp=` opens the bot's main Mini App; of apps with a short name the sandbox knows no addresses. */
function openApp(phone, { username, app, parameter }) {
  const bot = world.bot(username);
  if (!bot) return phone.say(`沙箱里没有 @${username}`);
  if (app || !bot.main_web_app) return phone.say("沙箱不知道这个小程序的地址");
  return openMiniProgram(phone, { bot: bot.id, start: parameter, title: bot.first_name });
}

/** Sends a text to a chat of the person's choice. */
async function share(phone, text) {
  const items = phone.chats.map((entry) => ({ value: entry.chat, label: entry.title }));
  const chat = await choose(phone.glass, "发送给", items);
  if (chat === null || !(await phone.attempt(() => api.say(String(chat), { person_id: phone.personId, text })))) return;
  phone.say("已发送");
}

/** `?start=` opens the private chat and presses start; `?startgroup=` brings the bot into a group. */
async function openBot(phone, { username, start, startGroup, rights }) {
  const bot = world.bot(username);
  if (!bot) return phone.say(`沙箱里没有 @${username}`);
  if (startGroup !== null) return addBotToGroup(phone, { bot, parameter: startGroup, rights });
  phone.openChat(bot.id);
  return start === null ? undefined : phone.attempt(() => api.start(String(bot.id), phone.personId, start));
}
