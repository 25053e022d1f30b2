// Opens a Mini App as a mini program: over the whole phone, with WeChat's capsule at the top right and Telegram's buttons.

import { api } from "./api.js";
import { h } from "./element.js";
import { icon } from "./icons.js";
import { follow } from "./follow.js";
import { listen } from "./webevents.js";

const RIGHTS = "allow-scripts allow-same-origin allow-forms allow-popups allow-modals";

/** Shows a bot's app, signed for this person, in a frame: `url` of a button, or `start` of a link to the main app. */
export async function openMiniProgram(phone, { bot, url, start, title, send = null }) {
  const opening = { bot, ...(url && { url }), ...(start && { start_parameter: start }) };
  const opened = await phone.attempt(() => api.openApp(phone.personId, opening));
  if (opened) phone.push(new MiniProgram(phone, opened.url, title, send));
}

class MiniProgram {
  constructor(phone, address, title, send) {
    Object.assign(this, { phone, send });
    const outside = () => window.open(address, "_blank", "noopener,noreferrer");
    const close = h("button", { "aria-label": "关闭小程序", onclick: () => this.close() }, icon("target"));
    const capsule = h("div.capsule", h("button", { "aria-label": "在浏览器中打开", onclick: outside }, icon("more")), close);
    this.back = h("button.nav__back.mini-program__back", { hidden: true, "aria-label": "返回", onclick: () => this.tell("back_button_pressed") }, icon("back"));
    this.main = h("button.mini-program__main", { hidden: true, onclick: () => this.tell("main_button_pressed") });
    this.frame = h("iframe.mini-program__frame", { src: address, title, sandbox: RIGHTS, allow: "clipboard-write" });
    const head = h("header.nav.mini-program__nav", this.back, h("h2.nav__title", title), capsule);
    this.element = h("section.screen.mini-program", head, this.frame, this.main);
    listen(this);
  }

  /** Tells the app of an event. */
  tell(eventType, eventData = null) {
    this.frame.contentWindow?.postMessage(JSON.stringify({ eventType, eventData }), "*");
  }

  close() {
    if (this.frame.isConnected) this.phone.pop();
  }

  follow(address) {
    return follow(this.phone, address);
  }

  /** Only the app of a keyboard's button may send, and it is closed by it. */
  async sendData(data) {
    if (!this.send) return;
    this.close();
    await this.phone.attempt(() => this.send(data));
  }

  showMain({ is_visible: visible, is_active: active = true, text, color, text_color: ink }) {
    this.main.hidden = !visible;
    this.main.disabled = active === false;
    if (text) this.main.textContent = text;
    if (color) this.main.style.backgroundColor = color;
    if (ink) this.main.style.color = ink;
  }
}
