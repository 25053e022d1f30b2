// Shows who somebody is: a sheet with avatar, name, role, and for a bot the way into the private chat.

import { avatar } from "./avatar.js";
import { h } from "./element.js";
import { sheet } from "./overlays.js";
import { roleOf } from "./people.js";
import { descriptionOf, nameOf, world } from "./world.js";

export function showProfile(phone, user) {
  const known = world.person(user.id) ?? world.bot(user.id) ?? user;
  return sheet(phone.glass, "详细资料", (close) => {
    const bot = world.bot(known.id);
    const notes = [known.username && `@${known.username}`, bot ? "机器人" : roleOf(known), known.phone].filter(Boolean);
    const words = h("div.me__words", h("strong", nameOf(known)), notes.map((note) => h("span", note)));
    const about = bot && descriptionOf(bot, world.person(phone.personId));
    const talk = () => {
      close(null);
      phone.openChat(bot.id);
    };
    return [
      h("div.me__card", avatar(known, 64), words),
      about && h("p.profile__text", about),
      bot && h("div.sheet__submit", h("button.weui-btn.weui-btn_primary", { onclick: talk }, "发消息")),
    ];
  });
}
