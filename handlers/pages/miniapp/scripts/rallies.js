// The fifth tab: a stamp rally with the own card, which changes by itself, map, queues, rules, gifts and coupons.

import { ask } from "./api.js";
import { h } from "./element.js";
import { busy, note, sheet } from "./overlays.js";
import { map } from "./rally_map.js";
import { canScan, scan } from "./scanning.js";
import { sessionSpeaks } from "./sessions.js";
import { openChat } from "./telegram.js";
import { say } from "./words.js";

const AGAIN_MS = 3000;

/** The event of this id, the only one there is, or a choice of several. */
export async function rallies(app, id) {
  if (id) return page(app, await ask("GET", `/rallies/${id}`));
  const found = await ask("GET", "/rallies");
  if (!found.rallies.length) return [h("p.empty", found.empty), languages()];
  if (found.rallies.length === 1) return rallies(app, found.rallies[0].id);
  return [h("ul.cards", found.rallies.map((each) => row(app, each))), languages()];
}

function row(app, each) {
  const open = h("button.card.card_link", { onclick: () => app.show("rallies", each.id) },
    h("span.card__text", h("strong", each.title), h("span.fine", each.moment)), h("span.state", each.state_words));
  return h("li", open);
}

function page(app, found) {
  const root = h("div.rally");
  draw(app, root, found);
  follow(app, root, found);
  return [root];
}

function draw(app, root, found, fresh = []) {
  root.dataset.version = found.version;
  const open = (code) => booth(app, found, found.booths.find((each) => each.code === code));
  root.replaceChildren(
    ...[head(found), doors(app, found), number(app, found), next(found, open), card(found, open, fresh), map(found, open),
      gifts(app, found), coupons(app, found), rules(found), languages()].filter(Boolean),
  );
}

/** Asks again and again while the page is looked at; the server answers when the card has changed, or after a while. */
async function follow(app, root, found) {
  let shown = found;
  while (!root.isConnected) await pause(50);
  while (root.isConnected) {
    if (document.hidden) {
      await pause(1000);
      continue;
    }
    const news = await ask("GET", `/rallies/${shown.id}?seen=${encodeURIComponent(shown.version)}`).catch((error) => error);
    if (!root.isConnected) return undefined;
    if (news instanceof Error) {
      if (news.status === 401) return app.fail(news);
      await pause(AGAIN_MS);
      continue;
    }
    const had = new Set(shown.booths.filter((each) => each.stamped).map((each) => each.code));
    const fresh = news.booths.filter((each) => each.stamped && !had.has(each.code));
    shown = news;
    draw(app, root, shown, fresh.map((each) => each.code));
    if (fresh.length) note(say("stamped", { booths: fresh.map((each) => each.name).join("、"), count: news.count }));
  }
  return undefined;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function head(found) {
  return h(
    "section.ticket",
    h("div.panel__head", h("h2", found.title), h("span.ticket__state", found.state_words)),
    h("p.ticket__moment", found.moment),
    h("div.ticket__own", h("span", found.owner), h("strong", { id: "count" }, found.count)),
    h("progress", { max: found.booths.length, value: found.stamped, "aria-label": found.count }),
    h("ul.medals", found.medals.map((medal) => h(`li.medal${medal.is_reached ? ".medal_won" : ""}`,
      h("span.medal__icon", { "aria-hidden": "true" }, "🏅"), h("span.medal__title", medal.title), h("span", medal.words)))),
  );
}

/** The two ways to a stamp: scan the booth's screen, or show a clerk the own code. */
function doors(app, found) {
  if (found.state !== "running") return null;
  const show = h("button.weui-btn.weui-btn_default", { onclick: () => busy(show, () => code(app, found, "/member-code", say("member_code"))) }, say("member_code"));
  const read = h("button.weui-btn.weui-btn_primary", { onclick: () => scan((text) => stamp(app, found, text)) }, say("scan"));
  return h("div.buttons.buttons_wide", show, canScan() && read);
}

/** What the scanner read: a booth's link, with its code behind `k_`; a game is played in the chat. */
async function stamp(app, found, text) {
  const token = /(?:^|start=)k_([A-Za-z0-9_-]{1,61})$/.exec(text)?.[1];
  if (!token) return note(say("no_code"));
  try {
    const made = await ask("POST", "/stamps", { code: token });
    if (made.outcome === "game") return openChat(`k_${token}`);
    await app.show("rallies", made.rally);
    return note(made.message);
  } catch (error) {
    return app.refused(error, "rallies", found.id);
  }
}

function number(app, found) {
  if (!found.number) return null;
  const name = found.booths.find((each) => each.code === found.number.booth).name;
  const leave = h("button.weui-btn.weui-btn_default", { onclick: () => busy(leave, () => change(app, found, "DELETE")) }, say("give_number_back"));
  return h("section.banner", { role: "status" }, h("div", h("strong", name), h("p", found.number.words)), leave);
}

function next(found, open) {
  if (!found.next) return null;
  return h("section.banner.banner_next", h("div", h("strong", found.next.title), h("p", found.next.why)),
    h("button.weui-btn.weui-btn_primary", { onclick: () => open(found.next.booth) }, say("look")));
}

function card(found, open, fresh) {
  const fields = found.booths.map((each) =>
    h(`button.field_booth${each.stamped ? ".is-stamped" : ""}${fresh.includes(each.code) ? ".is-fresh" : ""}`, { onclick: () => open(each.code), "data-booth": each.code },
      each.stamped ? seal(each.seal) : h("span.ring", { "aria-hidden": "true" }, each.code),
      h("span.field_booth__name", each.name), h("span.fine", each.stamped ? say("stamped_at", { at: each.stamped }) : each.queue ?? each.state_words)));
  return h("section", h("h2.weui-cells__title", say("my_card")), h("div.fields", fields));
}

/** A seal of one to four characters, in columns from the right. */
const seal = (text) => h(`span.seal.seal_${Math.min([...text].length, 4)}`, { "aria-hidden": "true" }, [...text].slice(0, 4).map((each) => h("span", each)));

function booth(app, found, each) {
  sheet(`${each.code} ${each.name}`, (close) => {
    const take = h("button.weui-btn.weui-btn_primary", { onclick: () => busy(take, async () => (close(), await change(app, found, "POST", { booth: each.code }))) }, say("take_number"));
    const held = found.number?.booth === each.code;
    const facts = [[say("state"), each.state_words], [say("hours"), each.hours], [say("game"), each.game], [say("zone"), each.zone], [say("queue"), each.queue]];
    return h("div.sheet__body",
      h("dl.facts", facts.filter(([, value]) => value).map(([name, value]) => h("div", h("dt", name), h("dd", value)))),
      each.stamped && h("p.sheet__text", say("stamped_at", { at: each.stamped })),
      h("div.buttons", each.gives_numbers && !held && take, !each.gives_numbers && h("button.weui-btn.weui-btn_default", { onclick: close }, say("close"))));
  });
}

async function change(app, found, method, body) {
  try {
    const { message } = await ask(method, `/rallies/${found.id}/number`, body);
    await app.show("rallies", found.id);
    note(message);
  } catch (error) {
    app.refused(error, "rallies", found.id);
  }
}

function gifts(app, found) {
  if (!found.gifts.length) return null;
  const cards = found.gifts.map((each) => {
    const show = h("button.weui-btn.weui-btn_primary.card__button", { onclick: () => busy(show, () => code(app, found, `/rallies/${found.id}/gifts/${each.target}/code`)) }, say("show_code"));
    return h("li.card", h("div.card__text", h("h3", each.title), h("p.fine", each.state_words)), each.is_open && show);
  });
  return h("section", h("h2.weui-cells__title", say("my_gifts")), h("ul.cards", cards));
}

function coupons(app, found) {
  if (!found.coupons.length) return null;
  const cards = found.coupons.map((each) => {
    const show = h("button.weui-btn.weui-btn_primary.card__button", { onclick: () => busy(show, () => code(app, found, `/coupons/${each.id}/code`)) }, say("use"));
    return h("li.card", h("div.card__text", h("h3", each.title), h("p.fine", each.partner), h("p.fine", each.state_words)), each.is_open && show);
  });
  return h("section", h("h2.weui-cells__title", say("my_coupons")), h("ul.cards", cards));
}

/** A code as a picture and as characters; who must be known first is led to the chat. */
async function code(app, found, path, title) {
  try {
    const made = await ask("POST", path);
    sheet(title ?? made.title, (close) => h("div.sheet__body.code",
      h("img.code__picture", { src: made.picture, alt: say("code_alt"), width: 240, height: 240 }),
      h("p.fine", say("say_code")), h("code.code__text", made.code), h("p.sheet__text", made.message),
      h("div.buttons", h("button.weui-btn.weui-btn_primary", { onclick: close }, say("done")))));
  } catch (error) {
    if (error.code !== "not_bound") return app.refused(error, "rallies", found.id);
    sheet(say("bind_first"), () => h("div.sheet__body", h("p.sheet__text", error.message || say("bind_why")),
      h("div.buttons", h("button.weui-btn.weui-btn_primary", { onclick: () => openChat("bind") }, say("bind")))));
  }
  return undefined;
}

function rules(found) {
  const show = h("button.weui-btn.weui-btn_default", { onclick: () => busy(show, async () => {
    const { text } = await ask("GET", `/rallies/${found.id}/rules`);
    sheet(say("rules"), () => h("div.sheet__body", h("p.rules", text)));
  }) }, say("rules"));
  return h("div.buttons.buttons_wide", show);
}

/** Chinese or English, here and in the chat. */
function languages() {
  const to = document.documentElement.lang === "en" ? "zh" : "en";
  const turn = h("button.language", { lang: to, onclick: () => busy(turn, () => sessionSpeaks(to, "rallies")) }, to === "zh" ? "中文" : "English");
  return h("p.aside.aside_middle", turn);
}
