// Places of a branch, a hospital or a service day: cards with free times, booked by one tap; opened from the chat.

import { ask } from "./api.js";
import { h } from "./element.js";
import { note, question } from "./overlays.js";
import { say } from "./words.js";

export async function zones(app) {
  const found = await ask("GET", "/zones");
  const head = h("h2.weui-cells__title", say("zones_title"));
  return [head, ...found.zones.map((each) => card(app, each)), !found.zones.length && h("p.fine", say("zones_none"))];
}

function card(app, zone) {
  const lines = zone.lines.map((line) => h("p.fine", line));
  const own = zone.booked.map((each) => button(each.words, "default", () => back(app, each)));
  const times = zone.slots.map((each) => button(each.words, "primary", () => take(app, zone, each)));
  const rows = [...own, ...times].map((each) => h("div.buttons", each));
  return h("section.panel", h("strong", zone.title), lines, rows);
}

const button = (words, kind, onclick) => h(`button.weui-btn.weui-btn_${kind}`, { onclick }, words);

function take(app, zone, each) {
  question(each.words, zone.title, say("zones_book"), say("stay"), () => act(app, `/zones/${zone.code}`, { at: each.at }));
}

function back(app, each) {
  question(each.words, "", say("zones_back"), say("stay"), () => act(app, `/zones/bookings/${each.id}/cancellation`, {}));
}

async function act(app, path, body) {
  try {
    const { message } = await ask("POST", path, body);
    await app.show("zones");
    note(message);
  } catch (error) {
    await app.refused(error, "zones");
  }
}
