// A loan for a shop: the own requests and, where none is open, the form; opened from the chat, without a tab of its own.

import { ask } from "./api.js";
import { h } from "./element.js";
import { busy, note, question } from "./overlays.js";
import { openChat } from "./telegram.js";
import { say } from "./words.js";

const YUAN = 10000;

export async function loans(app) {
  return screen(app, await ask("GET", "/loans"));
}

function screen(app, found) {
  const head = h("h2.weui-cells__title", say("loan_title"));
  const own = found.own.map((each) => request(app, each));
  return [head, ...own, found.barrier ? barrier(found) : form(app, found.form)];
}

function barrier(found) {
  if (!found.needs_binding) return h("p.fine", found.barrier);
  return h("section.banner", h("p", found.barrier), h("button.weui-btn.weui-btn_primary", { onclick: () => openChat("bind") }, say("bind")));
}

function request(app, each) {
  const lines = each.words.split("\n").map((line) => h("p.fine", line));
  const back = () => question(say("loan_back"), each.number, say("loan_back"), say("keep"), () => act(app, `/loans/${each.id}/withdrawal`, { version: each.version }));
  const buttons = each.is_open && h("div.buttons", h("button.weui-btn.weui-btn_default", { onclick: back }, say("loan_back")));
  return h("section.panel.panel_own", h("strong", each.number), lines, buttons);
}

function form(app, told) {
  const firm = text({ maxlength: 60, autocomplete: "organization" });
  const registration = text({ maxlength: 24, autocapitalize: "characters", autocomplete: "off" });
  const amount = text({ inputmode: "decimal", maxlength: 6, placeholder: `${told.limits.least}–${told.limits.most}` });
  const months = text({ inputmode: "numeric", maxlength: 3, placeholder: `${told.limits.first}–${told.limits.last}` });
  const picks = Object.fromEntries(["use", "turnover", "contact"].map((name) => [name, choice(told.choices[name])]));
  const enquiry = { value: null };
  const send = h("button.weui-btn.weui-btn_primary", { disabled: true }, say("loan_send"));
  const ready = () => {
    const written = [firm, registration, amount, months].every((each) => each.value.trim());
    send.disabled = !(written && enquiry.value !== null && Object.values(picks).every((each) => each.value));
  };
  const body = () => ({
    firm: firm.value.trim(), registration: registration.value.trim(), amount_yuan: Math.round(Number(amount.value) * YUAN) || 0,
    months: Math.round(Number(months.value)) || 0, use: picks.use.value, turnover: picks.turnover.value, contact: picks.contact.value, enquiry: enquiry.value,
  });
  send.addEventListener("click", () => busy(send, () => handIn(app, body())));
  const parts = [
    field(say("loan_firm"), firm), field(say("loan_registration"), registration), field(say("loan_amount"), amount), field(say("loan_months"), months),
    ...Object.entries(picks).map(([name, pick]) => field(told.questions[name], pick)),
    consent(told, enquiry, ready),
    h("p.risk", told.promise), h("p.risk", told.risk), h("div.buttons", send),
  ];
  return h("section.panel", { oninput: ready, onchange: ready }, parts);
}

const text = (more) => h("input.weui-input.text", more);
const field = (label, input) => h("label.field", h("span", label), input);

function choice(options) {
  const first = h("option", { value: "" }, say("loan_choose"));
  return h("select.weui-input.text", first, options.map((each) => h("option", { value: each.code }, each.words)));
}

/** Asked apart; nothing is chosen beforehand and both answers are as good. */
function consent(told, enquiry, ready) {
  const options = told.choices.enquiry.map((each) => {
    const pick = h("input", { type: "radio", name: "enquiry", onchange: () => ((enquiry.value = each.code), ready()) });
    return h("label.agree", pick, h("span", each.words));
  });
  return h("fieldset.field", h("legend", told.questions.enquiry), options);
}

/** What is wrong is said, and what was written stays. */
async function handIn(app, body) {
  try {
    await act(app, "/loans", body);
  } catch (error) {
    if (error.status !== 400) return app.refused(error, "loans");
    note(error.message || say("broken"));
  }
  return undefined;
}

async function act(app, path, body) {
  const { message } = await ask("POST", path, body);
  await app.show("loans");
  note(message);
}
