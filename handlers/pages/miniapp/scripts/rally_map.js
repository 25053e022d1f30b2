// The map of an event as SVG: every booth by its place, state, queue and stamp; a tap opens it.

import { h, s } from "./element.js";
import { say } from "./words.js";

const RADIUS = 6.6;
const EDGE = 9;

/** `open(code)` shows a booth. */
export function map(found, open) {
  const drawn = s("svg", { viewBox: "0 0 100 100", class: "map", role: "group", "aria-label": say("map") },
    s("rect", { x: 0.5, y: 0.5, width: 99, height: 99, rx: 4, class: "map__ground" }),
    found.booths.map((each) => spot(each, found.next?.booth === each.code, open)));
  const states = ["open", "stamped", "paused", "closed"].map((name) => h("li", h(`i.dot.dot_${name}`, { "aria-hidden": "true" }), say(`map_${name}`)));
  return h("section", h("h2.weui-cells__title", say("map")), h("div.panel.panel_map", drawn, h("ul.legend", states)));
}

function spot(each, isNext, open) {
  const [x, y] = [each.x, each.y].map((at) => EDGE + (at * (100 - 2 * EDGE)) / 100);
  const state = each.stamped ? "stamped" : each.state === "early" ? "closed" : each.state;
  const act = () => open(each.code);
  const keys = (event) => ["Enter", " "].includes(event.key) && (event.preventDefault(), act());
  const wait = each.minutes ? say("map_minutes", { minutes: each.minutes }) : each.state === "paused" && !each.stamped ? say("map_paused") : "";
  const label = [each.code, each.name, each.stamped ? say("map_stamped") : each.state_words, each.queue].filter(Boolean).join(" ");
  return s("g", { class: `spot spot_${state}${isNext ? " spot_next" : ""}`, role: "button", tabindex: "0", "aria-label": label, "data-spot": each.code, onclick: act, onkeydown: keys },
    isNext && s("circle", { cx: x, cy: y, r: RADIUS + 1.6, class: "spot__halo" }),
    s("circle", { cx: x, cy: y, r: RADIUS, class: "spot__disc" }),
    s("text", { x, y: y + 1.7, class: "spot__code" }, each.code),
    wait && s("text", { x, y: y + RADIUS + 4, class: "spot__wait" }, wait));
}
