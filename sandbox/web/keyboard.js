// Draws the reply keyboard that a bot laid below the input, and says what each of its buttons wants.

import { h } from "./element.js";
import { icon } from "./icons.js";

/** The panel; `press(button)` gets the pressed KeyboardButton (plain strings become {text}). */
export function replyKeyboard(markup, press) {
  const rows = markup.keyboard.map((row) => h("div.reply-keyboard__row", row.map((entry) => key(entry, press))));
  return h("div.reply-keyboard", { role: "group", "aria-label": "机器人键盘" }, rows);
}

function key(entry, press) {
  const button = typeof entry === "string" ? { text: entry } : entry;
  const style = button.style ? `.reply-key_${button.style}` : "";
  return h(`button.reply-key${style}`, { onclick: () => press(button) }, button.request_contact && icon("card"), h("span", button.text));
}
