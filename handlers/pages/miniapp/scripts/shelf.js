// The second tab: what points buy. Redeeming asks once, sets aside once, and ends with the code.

import { ask } from "./api.js";
import { showCode } from "./fetching.js";
import { h } from "./element.js";
import { busy, note, sheet } from "./overlays.js";
import { openChat } from "./telegram.js";
import { number, say } from "./words.js";

export async function shelf(app) {
  const found = await ask("GET", "/shelf");
  const head = h("p.balance", h("span", say("spendable")), h("strong", number(found.spendable)));
  const items = found.items.map((item) => card(app, item, found));
  return [head, !found.is_bound && binding(), items.length ? h("ul.cards", items) : h("p.empty", found.empty)];
}

function binding() {
  const words = h("div", h("strong", say("bind_first")), h("p", say("bind_why")));
  return h("section.banner", words, h("button.weui-btn.weui-btn_mini.weui-btn_primary", { onclick: () => openChat("bind") }, say("bind")));
}

function card(app, item, { spendable, is_bound: isBound }) {
  const missing = item.points - spendable;
  const facts = [item.partner, say("stock", { stock: number(item.stock) })];
  const can = isBound && missing <= 0;
  const attributes = { disabled: !can, onclick: () => confirm(app, item, spendable) };
  const label = isBound && missing > 0 ? say("short", { missing: number(missing) }) : say("redeem");
  return h(
    "li.card",
    h("div.card__text",
      h("h3", item.title, item.offset && h("span.tag", say("offset", { yuan: item.offset }))),
      h("p.fine", facts.join(" · ")),
      h("p.fine", say("until", { day: item.until })),
      h("p.price", say("points", { points: number(item.points) }))),
    h("button.weui-btn.weui-btn_primary.card__button", attributes, label),
  );
}

/** One question; its key makes the answer count once, however often it is tapped or sent. */
function confirm(app, item, spendable) {
  const key = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  sheet(say("confirm_title"), (close) => {
    const fault = h("p.fault", { role: "alert", hidden: true });
    const redeem = async () => {
      fault.hidden = true;
      try {
        const made = await ask("POST", "/redemptions", { item: item.id, points: item.points, key });
        close();
        showCode(app, made);
      } catch (error) {
        refused(error, { app, close, fault });
      }
    };
    const yes = h("button.weui-btn.weui-btn_primary", { onclick: () => busy(yes, redeem) }, say("confirm"));
    const no = h("button.weui-btn.weui-btn_default", { onclick: close }, say("back"));
    const facts = h("dl.facts",
      fact(say("confirm_price"), say("points", { points: number(item.points) })),
      fact(say("confirm_left"), say("points", { points: number(spendable - item.points) })),
      fact(say("confirm_where"), item.partner));
    return h("div.sheet__body", h("p.sheet__title", item.title), facts, h("p.fine", say("confirm_note")), fault, h("div.buttons", no, yes));
  });
}

const fact = (name, value) => h("div", h("dt", name), h("dd", value));

function refused(error, { app, close, fault }) {
  if (error.code === "twice") {
    close();
    note(say("already"));
    return app.show("fetch");
  }
  if (error.status === 401) return (close(), app.fail(error));
  fault.textContent = error.message || say(error.code === "offline" ? "offline" : "broken");
  fault.hidden = false;
  return undefined;
}
