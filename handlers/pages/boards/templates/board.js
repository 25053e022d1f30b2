/* The organiser's board: shows what the server counted, asks again every few seconds while somebody looks. */
"use strict";

const PAUSE = 5000, LONGEST_PAUSE = 60000;
let language = "zh", labels = {}, reasons = [], tag = "", timer = 0, wait = PAUSE;

const byId = (id) => document.getElementById(id);

function make(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "onclick") made.addEventListener("click", value);
    else if (value !== false) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

function say(name, facts = {}) {
  return (labels[name] || "").replace(/\{(\w+)\}/g, (_, key) => facts[key] ?? "");
}

async function ask(path, method = "GET", body = undefined, headers = {}) {
  const more = method === "GET" ? {} : { "X-Board": "1", "Content-Type": "application/json" };
  const content = body === undefined ? undefined : JSON.stringify(body);
  const answer = await fetch(`/boards/api/${path}`, { method, body: content, headers: { ...more, ...headers } });
  if (answer.status === 304) return null;
  const told = await answer.json();
  if (answer.ok) { if (answer.headers.get("ETag")) tag = answer.headers.get("ETag"); return told; }
  throw Object.assign(new Error(told.detail?.message || ""), { status: answer.status });
}

function message(text) {
  byId("message").textContent = text;
  byId("message").hidden = !text;
}

async function learn() {
  const told = await ask(`words?lang=${language}`);
  labels = told.labels; reasons = told.reasons; tag = "";
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const each of document.querySelectorAll("[data-word]")) each.textContent = say(each.dataset.word);
  byId("language").textContent = say("other");
}

async function refresh() {
  clearTimeout(timer);
  const asked = language;
  try {
    const told = await ask(`figures?lang=${asked}`, "GET", undefined, tag ? { "If-None-Match": tag } : {});
    wait = PAUSE;
    message("");
    if (asked !== language) return; // The newer question draws.
    if (told) draw(told);
  } catch (fault) {
    if (fault.status === 401 || fault.status === 403) { message(fault.message); byId("board").hidden = true; return; }
    wait = Math.min(wait * 2, LONGEST_PAUSE);
    message(say("offline"));
  }
  if (!document.hidden) timer = setTimeout(refresh, wait);
}

function draw(told) {
  document.title = told.title;
  byId("title").textContent = told.title;
  byId("about").textContent = `${told.state} · ${told.hours} · ${say("updated", { at: told.at })}`;
  byId("board").hidden = false;
  byId("totals").replaceChildren(...Object.entries(told.totals).map(([name, count]) =>
    make("div", {}, make("b", {}, String(count)), make("span", {}, say(name)))));
  byId("chart").replaceChildren(chart(told.minutes));
  byId("booths").replaceChildren(...told.booths.map(booth));
  byId("gifts").replaceChildren(...told.gifts.map(gift));
  byId("tell").replaceChildren(...told.tell.map((each) => notifier(each, null)));
  byId("coupon-section").hidden = told.coupons.length === 0;
  byId("coupons").replaceChildren(...told.coupons.map((each) =>
    make("li", { class: "top" }, make("span", {}, each.title), make("span", { class: "soft" }, say("coupon_use", each)))));
  byId("suspects").replaceChildren(...(told.suspects.length ? told.suspects.map(suspect) : [empty("no_suspects")]));
  byId("notices").replaceChildren(...(told.notices.length ? told.notices.map(notice) : [empty("no_notices")]));
}

const empty = (name) => make("li", { class: "soft" }, say(name));

function drawn(name, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function chart(minutes) {
  const most = Math.max(...minutes.flat());
  const highest = Math.max(4, most);  // A quiet hour is not drawn as a crowd.
  const svg = drawn("svg", { viewBox: "0 0 600 110", preserveAspectRatio: "none", role: "img", "aria-label": say("last_hour") });
  minutes.forEach(([arrivals, stamps], at) => {
    for (const [kind, count, x, width] of [["stamps", stamps, 0, 9], ["arrivals", arrivals, 2.5, 4]]) {
      const height = count / highest * 100;
      svg.append(drawn("rect", { class: `bar-${kind}`, x: at * 10 + x, y: 108 - height, width, height }));
    }
  });
  svg.append(drawn("line", { class: "axis", x1: 0, x2: 600, y1: 108.5, y2: 108.5 }));
  return make("div", {}, make("p", { class: "soft" }, say("highest", { count: most })), svg);
}

const bracketed = (text) => (!text ? "" : language === "zh" ? `（${text}）` : ` (${text})`);

function booth(each) {
  const state = each.paused ? "paused" : !each.open ? "shut" : each.busy ? "busy" : "";
  const queue = each.paused ? say("paused") + bracketed(each.reason) : !each.open ? say("closed") : each.queue;
  const tasting = each.tastings ? `${say("tastings", { count: each.tastings.left })} · ${each.tastings.ends}` : "";
  const turn = !each.turns ? "" : each.paused
    ? make("button", { type: "button", class: "main", onclick: () => turnBooth(each, "open", null) }, say("resume"))
    : make("button", { type: "button", class: "stop", onclick: () => whyPause(each) }, say("pause"));
  const tells = each.open ? each.tell.map((kind) => notifier(kind, each.code)) : [];
  return make("li", { class: state, "data-booth": each.code },
    make("div", { class: "top" }, make("strong", {}, `${each.code} ${each.name}`), make("span", { class: "queue" }, queue)),
    make("p", { class: "soft" }, `${each.zone} · ${say("stamps")} ${each.stamps} · ${say("recent", { count: each.recent })}`),
    tasting ? make("p", { class: "soft" }, tasting) : "",
    make("div", { class: "row" }, turn, ...tells));
}

function gift(each) {
  const substitutes = each.substitutes === null ? [] : [say("substitutes", { count: each.substitutes })];
  const left = [say("left", { count: each.left }), ...substitutes].join(" · ");
  return make("li", { "data-target": each.target },
    make("div", { class: "top" }, make("strong", {}, `${each.title} · ${each.medal}`), make("span", {}, left)),
    make("p", { class: each.soon ? "soon" : "soft" }, each.ends),
    make("p", { class: "soft" }, `${say("medals")} ${each.medals} · ${say("gifts")} ${each.given}`));
}

function suspect(each) {
  return make("li", {}, make("div", { class: "top" }, make("strong", {}, each.name), make("span", {}, `${each.score}`)),
    make("p", { class: "soft" }, each.why));
}

function notice(each) {
  const end = each.taken_back ? make("span", { class: "soft" }, say("taken_back")) : each.seconds
    ? make("button", { type: "button", class: "stop", onclick: () => takeBack(each) }, say("take_back", each))
    : make("span", { class: "soft" }, say("sent_to", each));
  return make("li", { class: "top", "data-notice": each.id }, make("span", {}, `${each.at} ${each.label}`), end);
}

function notifier(choice, code) {
  return make("button", { type: "button", onclick: () => preview(choice, code) }, `📣 ${choice.label}`);
}

function open(question, words, reach, ...choices) {
  byId("question").textContent = question;
  byId("preview").replaceChildren(...words.map((each) => make("p", {}, each)));
  byId("reach").textContent = reach;
  byId("choices").replaceChildren(...choices, make("button", { type: "submit" }, say("cancel")));
  byId("dialog").showModal();
}

async function act(work) {
  byId("dialog").close();
  try { await work(); tag = ""; await refresh(); } catch (fault) { message(fault.message || say("offline")); }
}

async function preview(choice, code) {
  try {
    const asked = { kind: choice.kind, booth: code };
    const told = await ask(`notices/preview?lang=${language}`, "POST", asked);
    const spared = told.spared ? say("spared", { ...told, most: labels.most }) : "";
    const reach = `${say("to_heads", told)}${spared}${say("grace")}`;
    const send = make("button", { type: "button", class: "main", disabled: told.heads ? false : "" }, say("send"));
    send.addEventListener("click", () => { send.disabled = true; act(() => ask(`notices?lang=${language}`, "POST", asked)); });
    open(choice.label, [told.zh, told.en], reach, send);
  } catch (fault) { message(fault.message || say("offline")); }
}

function whyPause(each) {
  const choices = reasons.map(({ stored, label }) =>
    make("button", { type: "button", onclick: () => turnBooth(each, "paused", stored) }, label));
  open(say("why_pause", { booth: `${each.code} ${each.name}` }), [], "", ...choices);
}

const turnBooth = (each, state, reason) =>
  act(() => ask(`booths/${encodeURIComponent(each.code)}?lang=${language}`, "POST", { state, reason }));
const takeBack = (each) => act(() => ask(`notices/${each.id}?lang=${language}`, "DELETE"));

async function begin() {
  const word = location.hash.slice(1);
  if (word) {
    history.replaceState(null, "", "/boards");
    try { language = (await ask("session", "POST", { word })).language; }
    catch (fault) { await learn(); message(fault.message); byId("board").hidden = true; return; }
  }
  await learn();
  byId("language").hidden = false;
  await refresh();
}

byId("language").addEventListener("click", async () => {
  language = language === "zh" ? "en" : "zh";
  await learn();
  await refresh();
});
document.addEventListener("visibilitychange", () => { if (document.hidden) clearTimeout(timer); else refresh(); });
begin();
