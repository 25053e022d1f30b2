// Draws a message's inline keyboard: rows of card buttons, links with an arrow, and mini-program cards for web apps.

import { h } from "./element.js";
import { icon } from "./icons.js";
import { avatar } from "./avatar.js";
import { nameOf } from "./world.js";
import { senderOf } from "./summary.js";

/** The card below a bubble; `press(message, row, column, button)` returns a promise that ends with the bot's answer. */
export function inlineCard(message, press) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  const parts = rows.map((buttons, row) => {
    const onpress = (column) => press(message, row, column, buttons[column]);
    if (buttons.length === 1 && buttons[0].web_app) return programCard(message, buttons[0], () => onpress(0));
    return h("div.card__row", buttons.map((button, column) => cardButton(button, () => onpress(column))));
  });
  return h("div.card", { role: "group", "aria-label": "消息按钮" }, parts);
}

function cardButton(button, onpress) {
  const leaves = button.url || button.web_app || button.login_url;
  const attributes = { onclick: (event) => pressed(event.currentTarget, onpress), disabled: Boolean(button.disabled) };
  const style = button.style ? `.card__button_${button.style}` : "";
  return h(`button.card__button${style}`, attributes, h("span", button.text), leaves && icon("chevron"));
}

/** Shows that taps wait for an answer; every tap goes out, the second of a double tap too. */
async function pressed(element, onpress) {
  const count = (change) => {
    const waiting = Number(element.dataset.waiting ?? 0) + change;
    element.dataset.waiting = waiting;
    element.classList.toggle("is-waiting", waiting > 0);
  };
  count(1);
  try {
    await onpress();
  } finally {
    count(-1);
  }
}

function programCard(message, button, onpress) {
  const owner = senderOf(message);
  return h(
    "button.program",
    { onclick: onpress },
    h("span.program__owner", avatar(owner, 18), nameOf(owner)),
    h("span.program__title", button.text, icon("chevron")),
    h("span.program__cover", icon("program")),
    h("span.program__foot", icon("program"), "小程序"),
  );
}
