// Opens a web app as a mini program: over the whole phone, with WeChat's capsule at the top right.

import { h } from "./element.js";
import { icon } from "./icons.js";

/** Shows `address` in a frame; only http and https are opened. */
export function openMiniProgram(phone, address, title) {
  if (!/^https?:/i.test(address)) return phone.say("这个小程序打不开");
  const outside = () => window.open(address, "_blank", "noopener,noreferrer");
  const capsule = h(
    "div.capsule",
    h("button", { "aria-label": "在浏览器中打开", onclick: outside }, icon("more")),
    h("button", { "aria-label": "关闭小程序", onclick: () => phone.pop() }, icon("target")),
  );
  const frame = h("iframe.mini-program__frame", { src: address, title, allow: "clipboard-write" });
  const head = h("header.nav.mini-program__nav", h("h2.nav__title", title), capsule);
  return phone.push({ element: h("section.screen.mini-program", head, frame) });
}
