// The third tab: what is set aside and not fetched yet, and the screen with the code that staff scan.

import { ask } from "./api.js";
import { h } from "./element.js";
import { busy, note, question } from "./overlays.js";
import { number, say } from "./words.js";

const LOOK_MS = 4000;

export async function fetching(app) {
  const found = await ask("GET", "/redemptions");
  if (!found.redemptions.length) {
    return [h("p.empty", found.empty), h("div.buttons", h("button.weui-btn.weui-btn_default", { onclick: () => app.show("shelf") }, say("go_shelf")))];
  }
  return [h("ul.cards", found.redemptions.map((each) => waiting(app, each))), h("p.fine.aside", say("show_code_note"))];
}

function waiting(app, each) {
  const show = h("button.weui-btn.weui-btn_primary", { onclick: () => busy(show, () => renew(app, each)) }, say("show_code"));
  const cancel = h("button.weui-btn.weui-btn_default", { onclick: () => giveUp(app, each) }, say("cancel"));
  const facts = h("p.fine", `${say("points", { points: number(each.points) })} · ${each.partner}`);
  const until = h("p.fine", say("before", { until: each.until }));
  return h("li.card.card_tall", h("div.card__text", h("h3", each.title), facts, until), h("div.buttons", cancel, show));
}

async function renew(app, each) {
  try {
    showCode(app, await ask("POST", `/redemptions/${each.id}/code`));
  } catch (error) {
    app.refused(error, "fetch");
  }
}

function giveUp(app, each) {
  const text = say("cancel_ask", { title: each.title, points: number(each.points) });
  question(say("cancel"), text, say("cancel_yes"), say("keep"), async () => {
    try {
      note((await ask("DELETE", `/redemptions/${each.id}`)).message);
      await app.show("fetch");
    } catch (error) {
      app.refused(error, "fetch");
    }
  });
}

/** The code, until staff have scanned it: a redemption that is no longer waiting says so here. */
export function showCode(app, made) {
  const status = h("p.code__status", { role: "status" }, say("show"));
  const picture = h("img.code__picture", { src: made.picture, alt: say("code_alt"), width: 240, height: 240 });
  const screen = h(
    "section.code",
    h("p.code__done", say("ready")),
    h("h2", made.title),
    h("p.fine", `${say("points", { points: number(made.points) })} · ${made.partner}`),
    picture,
    status,
    h("p.fine", say("say_code")),
    h("code.code__text", made.code),
    h("p.fine", say("once", { until: made.until })),
    h("div.buttons", h("button.weui-btn.weui-btn_primary", { onclick: () => app.show("fetch") }, say("done"))),
  );
  app.put(screen, "fetch");
  watch(made, screen, () => {
    picture.classList.add("is-over");
    status.textContent = say("over");
  });
}

async function watch(made, screen, over) {
  while (screen.isConnected) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    if (!screen.isConnected || document.hidden) continue;
    const found = await ask("GET", "/redemptions").catch(() => null);
    if (found && !found.redemptions.some((each) => each.id === made.id)) return over();
  }
  return undefined;
}
