// What opens over the page: a half-screen sheet, a question, a short note.

import { h } from "./element.js";
import { back } from "./telegram.js";
import { say } from "./words.js";

const NOTE_MS = 2600;

/** A sheet from below; `fill(close)` gives its content. Escape, the mask and Telegram's back button close it. */
export function sheet(title, fill) {
  const before = document.activeElement;
  const close = () => {
    layer.remove();
    back(null);
    if (before?.isConnected) before.focus({ preventScroll: true });
  };
  const mask = h("div.weui-mask", { onclick: close });
  const head = h("header.sheet__head", h("h2", title), h("button.sheet__close", { onclick: close, "aria-label": say("close") }, "×"));
  const panel = h("section.sheet", head, fill(close));
  const layer = h("div.layer", { role: "dialog", "aria-modal": "true", "aria-label": title, onkeydown: keys }, mask, panel);
  function keys(event) {
    if (event.key === "Escape") close();
    if (event.key === "Tab") keepInside(event, panel);
  }
  document.body.append(layer);
  back(close);
  panel.querySelector("button, input, textarea")?.focus({ preventScroll: true });
  return close;
}

function keepInside(event, panel) {
  const stops = [...panel.querySelectorAll("button, input, textarea, summary, a[href]")].filter((stop) => !stop.disabled);
  const edge = event.shiftKey ? stops[0] : stops.at(-1);
  if (document.activeElement !== edge) return;
  event.preventDefault();
  (event.shiftKey ? stops.at(-1) : stops[0])?.focus();
}

/** A question with yes and no; `yes` is an action that may take its time. */
export function question(title, text, label, keep, yes) {
  sheet(title, (close) => {
    const agree = h("button.weui-btn.weui-btn_warn", { onclick: () => busy(agree, async () => (await yes(), close())) }, label);
    const stay = h("button.weui-btn.weui-btn_default", { onclick: close }, keep);
    return h("div.sheet__body", h("p.sheet__text", text), h("div.buttons", stay, agree));
  });
}

/** A short note at the bottom; it leaves by itself. */
export function note(text) {
  document.querySelector(".note")?.remove();
  const shown = h("p.note", { role: "status" }, text);
  document.body.append(shown);
  setTimeout(() => shown.remove(), NOTE_MS);
}

/** Runs a button's action once at a time: a double tap is one tap. */
export async function busy(button, act) {
  if (button.dataset.busy) return;
  button.dataset.busy = "yes";
  button.disabled = true;
  button.classList.add("weui-btn_loading");
  try {
    await act();
  } finally {
    delete button.dataset.busy;
    button.disabled = false;
    button.classList.remove("weui-btn_loading");
  }
}
