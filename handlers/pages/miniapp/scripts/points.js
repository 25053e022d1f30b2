// The first tab: balance, what is set aside, what ends next, and the latest movements.

import { ask } from "./api.js";
import { h } from "./element.js";
import { number, say } from "./words.js";

export async function points(app) {
  const found = await ask("GET", "/points");
  return [hero(found, app), found.lines.length ? movements(found.lines) : h("p.empty", found.empty)];
}

function hero(found, app) {
  const ending = found.ends_on && h("p", say("ending", { points: number(found.ending), day: found.ends_on }));
  const held = found.held > 0 && h("p", say("held", { points: number(found.held) }));
  return h(
    "section.hero",
    h("p.hero__label", say("spendable")),
    h("p.hero__number", { id: "balance" }, number(found.spendable)),
    h("div.hero__facts", held, ending),
    h("button.hero__button", { onclick: () => app.show("shelf") }, say("to_shelf")),
  );
}

function movements(lines) {
  const cells = lines.map((line) =>
    h(
      "li.weui-cell",
      h("div.weui-cell__bd", h("p", line.reason), h("p.fine", line.campaign), h("p.fine", line.at)),
      h(`div.weui-cell__ft.amount${line.points > 0 ? ".amount_in" : ""}`, `${line.points > 0 ? "+" : "−"}${number(Math.abs(line.points))}`),
    ),
  );
  return h("section", h("h2.weui-cells__title", say("latest")), h("ul.weui-cells", cells));
}
