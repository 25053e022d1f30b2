// Shows WeUI toasts, dialogs and sheets inside one phone (or the desk), keeps the focus there and gives it back.

import { h } from "./element.js";
import { icon } from "./icons.js";

const TOAST_MS = 2400;

/** A short dark note in the middle; it leaves by itself. */
export function toast(host, text) {
  const note = h("div.chat-toast", { role: "status" }, h("p", text));
  host.append(note);
  setTimeout(() => note.remove(), TOAST_MS);
  return note;
}

/** Opens `panel` over `host`; resolves with what `close(value)` gets, or null on Escape or a tap on the mask. */
function modal(host, build, { masked = true } = {}) {
  const before = document.activeElement;
  return new Promise((resolve) => {
    const close = (value) => {
      layer.remove();
      if (before?.isConnected) before.focus({ preventScroll: true });
      resolve(value ?? null);
    };
    const onkeydown = (event) => {
      if (event.key === "Escape") close(null);
      if (event.key === "Tab") keepFocusInside(event, layer);
    };
    const mask = h("div.weui-mask", { onclick: () => masked && close(null) });
    const layer = h("div.layer", { onkeydown, role: "dialog", "aria-modal": "true" }, mask, build(close));
    host.append(layer);
    (layer.querySelector("[autofocus], input, textarea") ?? layer.querySelector("button"))?.focus({ preventScroll: true });
  });
}

function keepFocusInside(event, layer) {
  const stops = [...layer.querySelectorAll("button, input, select, textarea, a[href]")].filter((stop) => !stop.disabled);
  const edge = event.shiftKey ? stops[0] : stops.at(-1);
  if (document.activeElement !== edge) return;
  event.preventDefault();
  (event.shiftKey ? stops.at(-1) : stops[0])?.focus();
}

function dialog(title, text, buttons) {
  const head = title && h("div.weui-dialog__hd", h("strong.weui-dialog__title", title));
  return h("div.weui-dialog", head, h("div.weui-dialog__bd", text), h("div.weui-dialog__ft", buttons));
}

const dialogButton = (kind, label, onclick) =>
  h(`button.weui-dialog__btn.weui-dialog__btn_${kind}`, { onclick }, label);

export const alertBox = (host, text, title = "") =>
  modal(host, (close) => dialog(title, text, dialogButton("primary", "知道了", () => close(true))), { masked: false });

/** Resolves to true only when the person agreed. */
export const confirmBox = (host, { title = "", text, yes = "确定", no = "取消" }) =>
  modal(
    host,
    (close) =>
      dialog(title, text, [
        dialogButton("default", no, () => close(false)),
        dialogButton("primary", yes, () => close(true)),
      ]),
    { masked: false },
  ).then(Boolean);

/** WeChat's list of actions from below; `items` are {label, run, danger?} or {name, row: items}, empty ones are skipped. */
export async function actionSheet(host, items, title = "") {
  const chosen = await modal(host, (close) => {
    const cells = items.filter(Boolean).map((item) => (item.row ? actionRow(item, close) : actionCell(item, close)));
    const heading = title && h("div.weui-actionsheet__title", h("p.weui-actionsheet__title-text", title));
    const cancel = h("button.weui-actionsheet__cell", { onclick: () => close(null) }, "取消");
    const menu = h("div.weui-actionsheet__menu", cells);
    return h("div.weui-actionsheet.weui-actionsheet_toggle", heading, menu, h("div.weui-actionsheet__action", cancel));
  });
  await chosen?.run();
}

function actionCell(item, close) {
  const warn = item.danger ? ".weui-actionsheet__cell_warn" : "";
  return h(`button.weui-actionsheet__cell${warn}`, { onclick: () => close(item) }, item.label);
}

const actionRow = ({ name, row }, close) =>
  h("div.action-row", { role: "group", "aria-label": name }, row.map((item) => h("button", { onclick: () => close(item) }, item.label)));

/** A half-screen sheet with a title; `fill(close)` gives its content. */
export const sheet = (host, title, fill) =>
  modal(host, (close) => {
    const shut = h("button.icon-button", { "aria-label": "关闭", onclick: () => close(null) }, icon("close"));
    const head = h("header.sheet__head", shut, h("h2", title));
    return h("section.sheet", { "aria-label": title }, head, h("div.sheet__body", fill(close)));
  });

/** A list to choose one from; `items` are {value, label, note?, lead?}. */
export const choose = (host, title, items, empty = "没有可选的") =>
  sheet(host, title, (close) => {
    if (!items.length) return h("p.empty", empty);
    return h("div.weui-cells", items.map((item) => choice(item, () => close(item.value))));
  });

const choice = (item, onclick) =>
  h(
    "button.weui-cell.weui-cell_active.choice",
    { onclick },
    item.lead && h("span.weui-cell__hd", item.lead),
    h("span.weui-cell__bd", h("span.choice__label", item.label), item.note && h("span.choice__note", item.note)),
  );
