// Turns Telegram's text and entities into nodes: bold, links, code, quotes; offsets count UTF-16 units, as JavaScript does.

import { h } from "./element.js";

const TAGS = {
  bold: "b",
  italic: "i",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};
const SAFE_LINK = /^(https?|tg|tel|mailto):/i;

/** Nodes of `text`; `actions` gives `follow(url)`, `command(text)` and `mention(username)` for what can be tapped. */
export function formatted(text, entities = [], actions = {}) {
  const ordered = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return span(text, 0, text.length, ordered, actions);
}

function span(text, from, to, entities, actions) {
  const nodes = [];
  let position = from;
  while (entities.length && entities[0].offset < to) {
    const entity = entities.shift();
    const start = Math.max(entity.offset, position);
    const end = Math.min(entity.offset + entity.length, to);
    if (end <= start) continue;
    nodes.push(text.slice(position, start));
    const inner = span(text, start, end, takeInside(entities, end), actions);
    nodes.push(wrap(entity, text.slice(start, end), inner, actions));
    position = end;
  }
  nodes.push(text.slice(position, to));
  return nodes;
}

function takeInside(entities, end) {
  const count = entities.findIndex((entity) => entity.offset >= end);
  return entities.splice(0, count === -1 ? entities.length : count);
}

function wrap(entity, raw, inner, actions) {
  const tag = TAGS[entity.type];
  if (tag) return h(tag, inner);
  if (entity.type === "spoiler") return h("span.spoiler", { tabindex: "0", role: "button" }, inner);
  const target = targetOf(entity, raw);
  if (target) return link(target, inner, () => actions.follow?.(target));
  if (entity.type === "bot_command") return tappable(inner, () => actions.command?.(raw));
  if (entity.type === "mention") return tappable(inner, () => actions.mention?.(raw.slice(1)));
  return entity.type === "text_mention" ? h("span.mention", inner) : inner;
}

function targetOf(entity, raw) {
  if (entity.type === "text_link") return SAFE_LINK.test(entity.url) ? entity.url : null;
  if (entity.type === "url") return SAFE_LINK.test(raw) ? raw : `https://${raw}`;
  if (entity.type === "email") return `mailto:${raw}`;
  return entity.type === "phone_number" ? `tel:${raw.replace(/[^+\d]/g, "")}` : null;
}

function link(target, inner, follow) {
  const onclick = (event) => {
    event.preventDefault();
    follow();
  };
  return h("a", { href: target, rel: "noopener noreferrer", onclick }, inner);
}

const tappable = (inner, onclick) => h("button.inline-link", { onclick }, inner);
