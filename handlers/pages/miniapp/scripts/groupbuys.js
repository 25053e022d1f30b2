// The fourth tab: group-buys that the member is in, and one of them with its stages, terms, own state and sign-up.

import { ask } from "./api.js";
import { h } from "./element.js";
import { busy, note, question } from "./overlays.js";
import { openChat, openLink } from "./telegram.js";
import { number, say } from "./words.js";

const LONGEST_NOTE = 40;

/** All of the own ones, or the one of this id. */
export async function groupbuys(app, id) {
  if (id) return page(app, await ask("GET", `/groupbuys/${id}`));
  const found = await ask("GET", "/groupbuys");
  if (!found.groupbuys.length) return [h("p.empty", found.empty)];
  return [h("h2.weui-cells__title", say("all_groupbuys")), h("ul.cards", found.groupbuys.map((each) => row(app, each)))];
}

function row(app, each) {
  const open = h("button.card.card_link", { onclick: () => app.show("groupbuys", each.id) },
    h("span.card__text", h("strong", each.product), h("span.fine", progressWords(each))), h("span.state", each.state_words));
  return h("li", open);
}

const progressWords = (each) => [say("people", { people: each.people }), say("until_when", { when: each.deadline })].join(" · ");

function page(app, found) {
  const joining = form(app, found);
  return [head(found), own(app, found), terms(found, !joining), joining, invitation(app, found)];
}

function head(found) {
  const top = found.stages.at(-1).size;
  const bar = h("progress", { max: top, value: Math.min(found.people, top), "aria-label": say("people", { people: found.people }) });
  return h(
    "section.panel",
    h("div.panel__head", h("h2", found.product), h(`span.state.state_${found.state}`, found.state_words)),
    h("p.fine", `${say("people", { people: number(found.people) })} · ${say("free", { free: number(found.free) })}`),
    h("p.fine", say("until_when", { when: found.deadline })),
    bar,
    h("ol.stages", found.stages.map(stage)),
  );
}

function stage({ size, benefit, missing }) {
  const state = missing ? say("stage_missing", { missing }) : say("stage_done");
  return h(`li.stage${missing ? "" : ".stage_done"}`, h("strong", say("stage", { size })), h("span.stage__benefit", benefit), h("span.stage__state", state));
}

function own(app, found) {
  const mine = found.own;
  if (mine.state === "not_in") return mine.unmet && found.is_open && barrier(mine);
  const words = { in: "own_in", waiting: "own_waiting", to_confirm: "own_to_confirm" }[mine.state];
  const count = mine.entries.map((each) => [found.items[each.item - 1], say("own_count", { quantity: each.quantity })].filter(Boolean).join(" × "));
  const several = found.limit > 1 || found.items.length > 0;
  const confirm = h("button.weui-btn.weui-btn_primary", { onclick: () => act(app, found, confirm, "POST", "confirmation") }, say("confirm_place"));
  const leave = h("button.weui-btn.weui-btn_default", { onclick: () => askToLeave(app, found) }, say("leave"));
  return h(
    "section.panel.panel_own", { role: "status" },
    h("strong", say(words, { place: mine.place })),
    several && h("p.fine", count.join("、")),
    mine.is_leader && h("p.fine", say("own_leader")),
    mine.benefits.length > 0 && h("p", say("own_benefits", { benefits: mine.benefits.join("、") })),
    found.is_open && h("div.buttons", leave, mine.state === "to_confirm" && confirm),
  );
}

const barrier = ({ unmet, needs_binding: binds }) =>
  h("section.banner", h("div", h("p", unmet)),
    h("button.weui-btn.weui-btn_primary", { onclick: () => openChat(binds ? "bind" : "") }, say(binds ? "bind" : "to_chat")));

/** The form of who is not in yet, or of who may change how many. */
function form(app, found) {
  const mine = found.own;
  const changes = mine.state === "in" && found.limit > 1 && mine.entries.length === 1;
  if (!found.is_open || mine.unmet || !(mine.state === "not_in" || changes)) return null;
  const wanted = { quantity: mine.entries[0]?.quantity ?? 1, item: mine.entries[0]?.item ?? 0, note: "" };
  const send = h("button.weui-btn.weui-btn_primary", { disabled: true }, say(changes ? "save" : "sign_up"));
  const ready = () => (send.disabled = !(changes || agreed.checked) || (found.items.length > 0 && !wanted.item));
  const agreed = h("input", { type: "checkbox", onchange: ready });
  send.addEventListener("click", () => act(app, found, send, changes ? "PATCH" : "POST", "entry", wanted));
  const parts = [
    found.items.length > 0 && !changes && choice(found.items, wanted, ready),
    found.limit > 1 && stepper(found.limit, wanted),
    !changes && h("label.field", h("span", say("note")), h("input.weui-input.text", { maxlength: LONGEST_NOTE, oninput: (event) => (wanted.note = event.target.value.trim()) })),
    found.risk && h("p.risk", found.risk),
    !changes && h("label.agree", agreed, h("span", say("agree"))),
  ];
  ready();
  return h("section.panel", h("h3", say(changes ? "change" : "sign_up")), parts, h("div.buttons", send));
}

function choice(items, wanted, ready) {
  const options = items.map((item, at) => {
    const pick = h("input", { type: "radio", name: "item", onchange: () => ((wanted.item = at + 1), ready()) });
    return h("label.agree", pick, h("span", item));
  });
  return h("fieldset.field", h("legend", say("item")), options);
}

function stepper(limit, wanted) {
  const shown = h("output", String(wanted.quantity));
  const step = (by) => () => {
    wanted.quantity = Math.min(limit, Math.max(1, wanted.quantity + by));
    shown.textContent = String(wanted.quantity);
  };
  const button = (label, by) => h("button.step", { "aria-label": say(label), onclick: step(by) }, by < 0 ? "−" : "+");
  return h("div.field.field_row", h("span", say("quantity", { limit })), h("span.stepper", button("fewer", -1), shown, button("more", 1)));
}

/** The risk notice stands beside the button that signs up, or here where there is none. */
function terms(found, isRiskHere) {
  return h("section.panel", h("h3", say("terms")), h("ul.terms", found.terms.map((line) => h("li", line))), isRiskHere && found.risk && h("p.risk", found.risk));
}

function invitation(app, found) {
  if (!found.is_open) return null;
  const invite = h("button.weui-btn.weui-btn_default", { onclick: () => busy(invite, () => share(app, found)) }, say("invite"));
  return h("div.buttons.buttons_wide", invite);
}

/** Hands the text to Telegram, where the member chooses who gets it. */
async function share(app, found) {
  try {
    const { text } = await ask("GET", `/groupbuys/${found.id}/invitation`);
    const link = /https:\/\/t\.me\/\S+$/.exec(text)?.[0] ?? "";
    const words = text.slice(0, text.length - link.length).trim();
    openLink(`/share/url?${new URLSearchParams({ url: link, text: words })}`);
  } catch (error) {
    app.refused(error, "groupbuys", found.id);
  }
}

function act(app, found, button, method, what, body) {
  return busy(button, () => change(app, found, method, what, body));
}

async function change(app, found, method, what, body) {
  try {
    const { message } = await ask(method, `/groupbuys/${found.id}/${what}`, body);
    await app.show("groupbuys", found.id);
    note(message);
  } catch (error) {
    app.refused(error, "groupbuys", found.id);
  }
}

function askToLeave(app, found) {
  question(say("leave"), say("leave_ask"), say("leave_yes"), say("stay"), () => change(app, found, "DELETE", "entry"));
}
