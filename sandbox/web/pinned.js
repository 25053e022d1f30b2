// The bar below the title: 群公告 for a pinned announcement, 群待办 for a pinned card with buttons; a tap unfolds it.

import { inlineCard } from "./card.js";
import { h, reconcile } from "./element.js";
import { formatted } from "./entities.js";
import { icon } from "./icons.js";
import { summaryOf } from "./summary.js";

const hasButtons = (message) => Boolean(message.reply_markup?.inline_keyboard?.length);

/** The newest pinned message, and the last one of the other kind that was pinned before it and still stands. */
export function pinnedOf(messages, newest) {
  if (!newest) return [];
  const once = new Set(messages.map((message) => message.pinned_message?.message_id));
  const others = messages.filter((message) => once.has(message.message_id) && hasButtons(message) !== hasButtons(newest));
  return [newest, ...others.slice(-1)];
}

export class PinnedBars {
  constructor(view) {
    this.view = view;
    this.open = new Set();
    this.element = h("div.pinned-bars");
  }

  /** Shows these pinned messages, the newest first. */
  show(messages) {
    const bars = messages.map((message) => this.bar(message));
    reconcile(this.element, bars);
  }

  bar(message) {
    const todo = hasButtons(message);
    const kind = todo ? "群待办" : this.view.isGroup ? "群公告" : "置顶";
    const open = this.open.has(message.message_id);
    const attributes = { "aria-expanded": String(open), onclick: () => this.turn(message) };
    const line = summaryOf(message, this.view.personId).split("\n").find((part) => part.trim()) ?? "";
    const head = h("button.pinned__head", attributes, icon(todo ? "todo" : "announcement"), h("b", kind), h("span", line), icon(open ? "down" : "chevron"));
    return h(`section.pinned${todo ? ".pinned_todo" : ""}`, { "aria-label": kind }, head, open && this.detail(message));
  }

  detail(message) {
    const words = message.text ?? message.caption ?? summaryOf(message);
    const text = h("div.pinned__text", formatted(words, message.entities ?? message.caption_entities, this.view.actions));
    const jump = h("button.pinned__jump", { onclick: () => this.view.jump(message.message_id) }, "查看原消息");
    return h("div.pinned__detail", text, inlineCard(message, this.view.press), jump);
  }

  turn(message) {
    const { message_id: id } = message;
    if (!this.open.delete(id)) this.open.add(id);
    this.view.redrawPins();
  }
}
