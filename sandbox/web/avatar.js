// Draws avatars: a rounded square with one character coloured by id, and the nine-square grid of a group's members.

import { h } from "./element.js";
import { nameOf } from "./world.js";

const COLOURS = ["#5b8ff9", "#e8684a", "#9270ca", "#269a99", "#f6903d", "#6dc8ec", "#d96c9b", "#5d7092", "#61a35f", "#c79a3a"];
const BOT_COLOUR = "#2782d7";
const GRID = 9;

function letterOf(name) {
  return name.match(/\p{Script=Han}/u)?.[0] ?? [...name.replace(/[^\p{L}\p{N}]/gu, "")][0]?.toUpperCase() ?? "?";
}

const colourOf = (user) =>
  user.colour ?? (user.is_bot ? BOT_COLOUR : COLOURS[Math.abs(Number(user.id) || 0) % COLOURS.length]);

/** One person's or bot's avatar; decorative, since the name always stands beside it. */
export function avatar(user, size = 40) {
  const style = { "--size": `${size}px`, "--colour": colourOf(user) };
  return h("span.avatar", { style, "aria-hidden": "true" }, letterOf(nameOf(user)));
}

/** Up to nine members in WeChat's grid. */
export function groupAvatar(members, size = 48) {
  const shown = members.slice(0, GRID);
  const columns = shown.length > 4 ? 3 : shown.length > 1 ? 2 : 1;
  const tile = Math.floor((size - 2 * (columns + 1)) / columns);
  const style = { "--size": `${size}px`, "--tile": `${tile}px` };
  return h("span.avatar-grid", { style, "aria-hidden": "true" }, shown.map((member) => avatar(member, tile)));
}
