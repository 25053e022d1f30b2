// The bars below the title: 群公告 for pinned announcements, 群待办 for pinned cards that wait for a tap.

import { h, reconcile } from "./element.js";
import { icon } from "./icons.js";
import { summaryOf } from "./summary.js";

const NOTICE = { name: "notice", icon: "announcement", label: (isGroup) => (isGroup ? "群公告" : "置顶") };
const TODO = { name: "todo", icon: "todo", label: (isGroup) => (isGroup ? "群待办" : "待办") };

const waitsForTaps = (message) => message.reply_markup?.inline_keyboard?.some((row) => row.some((button) => button.callback_data));
const kindOf = (message) => (waitsForTaps(message) ? TODO : NOTICE);

/** The message in one line, without a first line that only repeats the bar's label. */
function lineOf(message, label, personId) {
  const lines = summaryOf(message, personId).split("\n").filter((line) => line.trim());
  if (lines.length > 1 && lines[0].replace(/[^\p{L}]/gu, "") === label) lines.shift();
  return lines.join(" ");
}

export class PinnedBars {
  constructor(view) {
    this.view = view;
    this.places = new Map();
    this.element = h("div.pinned-bars");
  }

  /** Shows one bar per kind for these pinned messages, which stand the newest pin first. */
  show(messages) {
    this.messages = messages;
    const bars = [NOTICE, TODO].map((kind) => this.bar(kind, messages.filter((message) => kindOf(message) === kind)));
    reconcile(this.element, bars.filter(Boolean));
  }

  bar(kind, messages) {
    if (!messages.length) return null;
    const place = (this.places.get(kind) ?? 0) % messages.length;
    const message = messages[place];
    const label = kind.label(this.view.isGroup);
    const count = messages.length > 1 && h("small", `${place + 1}/${messages.length}`);
    const line = lineOf(message, label, this.view.personId);
    const onclick = () => this.visit(kind, message, place);
    const head = h("button.pinned__head", { onclick }, icon(kind.icon), h("b", label), count, h("span", line), icon("chevron"));
    return h(`section.pinned.pinned_${kind.name}`, { "aria-label": label }, head);
  }

  /** Goes to the message; when several are pinned, the bar then shows the next older one. */
  visit(kind, message, place) {
    this.view.jump(message.message_id);
    this.places.set(kind, place + 1);
    this.show(this.messages);
  }
}
