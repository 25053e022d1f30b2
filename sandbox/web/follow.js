// Follows a link that somebody tapped: deep links open here, the rest of the web in a new tab.

import { api } from "./api.js";
import { addBotToGroup } from "./groups.js";
import { readLink } from "./links.js";
import { world } from "./world.js";

export async function follow(phone, address) {
  const link = readLink(address);
  if (!link) return phone.say("这个链接打不开");
  if (link.kind === "web") return void window.open(link.address, "_blank", "noopener,noreferrer");
  if (link.kind === "bot") return openBot(phone, link);
  if (link.kind === "invite") return phone.joinByInvite(link.address);
  return phone.say("沙箱不知道这个小程序的地址");
}

/** `?start=` opens the private chat and presses start; `?startgroup=` brings the bot into a group. */
async function openBot(phone, { username, start, startGroup, rights }) {
  const bot = world.bot(username);
  if (!bot) return phone.say(`沙箱里没有 @${username}`);
  if (startGroup !== null) return addBotToGroup(phone, { bot, parameter: startGroup, rights });
  phone.openChat(bot.id);
  return start === null ? undefined : phone.attempt(() => api.start(String(bot.id), phone.personId, start));
}
