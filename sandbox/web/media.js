// Draws what a message carries besides words: photos with a lightbox, files, name cards, stickers, places and polls.

import { api } from "./api.js";
import { avatar } from "./avatar.js";
import { h } from "./element.js";
import { icon } from "./icons.js";
import { pollNode } from "./poll.js";
import { nameOf } from "./world.js";

const FILES = ["document", "video", "animation", "audio", "voice", "video_note"];
const SIZE_UNITS = ["B", "KB", "MB", "GB"];

/** The node for a message's attachment, or null when it is words only; `view` is the conversation. */
export function mediaOf(message, view) {
  if (message.photo?.length) return photo(message, view.host);
  if (message.sticker) return sticker(message.sticker);
  if (message.contact) return nameCard(message.contact);
  if (message.poll) return pollNode(message, view.vote);
  if (message.dice) return h("span.big-emoji", `${message.dice.emoji} ${message.dice.value}`);
  if (message.location) return place(message);
  const kind = FILES.find((name) => message[name]);
  return kind ? file(message[kind], kind) : null;
}

function photo(message, host) {
  const largest = message.photo.at(-1);
  const source = api.fileAddress(largest.file_id);
  const { width, height } = largest;
  const image = h("img", { src: source, alt: message.caption ?? "图片", width, height, loading: "lazy" });
  return h("button.photo", { "aria-label": "查看大图", onclick: () => lightbox(host, source, message.caption) }, image);
}

function lightbox(host, source, caption) {
  const close = () => {
    box.remove();
    before?.focus?.();
  };
  const before = document.activeElement;
  const onkeydown = (event) => event.key === "Escape" && close();
  const image = h("img", { src: source, alt: caption ?? "图片" });
  const box = h("button.lightbox", { "aria-label": "关闭大图", onclick: close, onkeydown }, image, caption && h("span", caption));
  host.append(box);
  box.focus();
}

function sticker(piece) {
  if (piece.emoji) return h("span.big-emoji", piece.emoji);
  return h("img.sticker", { src: api.fileAddress(piece.file_id), alt: "表情" });
}

function nameCard(contact) {
  const shown = { id: contact.user_id ?? 0, first_name: contact.first_name, last_name: contact.last_name };
  const words = h("span.name-card__words", h("span.name-card__name", nameOf(shown)), h("span.name-card__phone", contact.phone_number));
  return h("div.name-card", h("div.name-card__top", avatar(shown, 44), words), h("div.name-card__foot", "个人名片"));
}

function place(message) {
  const { latitude, longitude } = message.location;
  const title = message.venue?.title ?? "位置";
  const note = message.venue?.address ?? `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`;
  return h("div.place", h("strong", title), h("span", note));
}

function file(item, kind) {
  const name = item.file_name ?? { voice: "语音", video: "视频", video_note: "视频", audio: "音频", animation: "动画" }[kind] ?? "文件";
  const words = h("span.file__words", h("span.file__name", name), h("span.file__size", sizeOf(item.file_size)));
  return h("a.file", { href: api.fileAddress(item.file_id), download: name, target: "_blank", rel: "noopener" }, words, icon("file"));
}

function sizeOf(bytes) {
  if (!bytes) return "";
  const unit = Math.min(Math.floor(Math.log2(bytes) / 10), SIZE_UNITS.length - 1);
  return `${(bytes / 1024 ** unit).toFixed(unit ? 1 : 0)} ${SIZE_UNITS[unit]}`;
}
