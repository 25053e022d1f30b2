// Opens the page: signs in with what Telegram told, then shows one view at a time, or says in words why not.

import { signedIn } from "./api.js";
import { fetching } from "./fetching.js";
import { h } from "./element.js";
import { groupbuys } from "./groupbuys.js";
import { loans } from "./loans.js";
import { note } from "./overlays.js";
import { points } from "./points.js";
import { rallies } from "./rallies.js";
import { signIn } from "./sessions.js";
import { shelf } from "./shelf.js";
import { greet, openChat } from "./telegram.js";
import { learn, say } from "./words.js";
import { zones } from "./zones.js";

const TABS = { points, shelf, fetch: fetching, groupbuys, rallies };
const VIEWS = { ...TABS, loans, zones };
const place = document.getElementById("view");

class App {
  constructor() {
    this.tabs = Object.fromEntries(
      Object.keys(TABS).map((name) => [name, h("button.tab", { role: "tab", onclick: () => this.show(name) }, say(`tab_${name}`))]),
    );
    document.getElementById("app").append(h("nav.tabs", { role: "tablist" }, Object.values(this.tabs)));
  }

  /** Draws a view anew, of one thing where `id` names it; of two asked for quickly the later one stays. */
  async show(name, id) {
    const turn = (this.turn = Symbol(name));
    this.mark(name);
    place.replaceChildren(h("p.notice", h("i.weui-loading", { "aria-hidden": "true" }), h("span", say("loading"))));
    try {
      const drawn = await VIEWS[name](this, id);
      if (turn === this.turn) place.replaceChildren(...drawn.filter(Boolean));
    } catch (error) {
      if (turn === this.turn) this.fail(error, () => this.show(name, id));
    }
  }

  /** Puts one screen where the views stand. */
  put(screen, tab) {
    this.turn = null;
    this.mark(tab);
    place.replaceChildren(screen);
    window.scrollTo(0, 0);
  }

  mark(name) {
    for (const [own, tab] of Object.entries(this.tabs)) tab.setAttribute("aria-selected", String(own === name));
  }

  /** What a refused action says; the list behind it is drawn anew. */
  async refused(error, name, id) {
    if (error.status === 401) return this.fail(error);
    await this.show(name, id);
    note(error.message || say(error.code === "offline" ? "offline" : "broken"));
    return undefined;
  }

  fail(error, again) {
    if (error.status === 401) return trouble([say("reopen")], say("to_chat"), () => openChat());
    if (!(error.code in { offline: 1, broken: 1 }) && !error.message) throw error;
    return trouble([error.message || say(error.code)], say("retry"), again ?? (() => location.reload()));
  }
}

function trouble(sentences, label, act) {
  document.querySelectorAll(".layer").forEach((layer) => layer.remove());
  const icon = h("i.weui-icon-info-circle.trouble__icon", { "aria-hidden": "true" });
  place.replaceChildren(
    h("section.trouble", { role: "alert" }, icon, sentences.map((text) => h("p", text)),
      h("div.buttons", h("button.weui-btn.weui-btn_primary", { onclick: act }, label))),
  );
}

/** Before anybody is known the page speaks both languages. */
function both(name) {
  const told = document.body.dataset;
  return [told[`${name}Zh`], told[`${name}En`]];
}

async function open() {
  greet();
  let made;
  try {
    made = await signIn();
    signedIn(made.session);
    learn(made.words, made.language);
  } catch (error) {
    const name = error.status === 401 || error.status === 400 ? "reopen" : "offline";
    const label = both(name === "reopen" ? "chat" : "retry").join(" / ");
    return trouble(both(name), label, name === "reopen" ? () => openChat() : () => location.reload());
  }
  const app = new App();
  const [, kind, number] = /^(chain|rally)_([0-9]{1,19})$/.exec(made.start) ?? [];
  if (kind) return app.show(kind === "chain" ? "groupbuys" : "rallies", number);
  const wanted = new URLSearchParams(location.search).get("view");
  return app.show(wanted in VIEWS ? wanted : "points");
}

open();
