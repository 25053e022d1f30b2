// A booth's screen: the code and its seconds, the clerk's stamp, and work without network that is sent later.

import { ask } from "./api.js";
import { clerkPanel, conflictList } from "./clerk.js";
import { h } from "./element.js";
import { forget, kept, move, settle, stock } from "./kept.js";

const LOOK_EVERY = 5000;
const REFILL_BELOW = 100;
const SENT_AT_ONCE = 50;

const token = location.hash.slice(1);
const spoken = JSON.parse(document.getElementById("words").textContent);
const part = (id) => document.getElementById(id);
const state = { screen: kept.screen, isOnline: true, isBroken: false, panel: null, lookedAt: 0, isSending: false, isPairing: false };

export function say(name, facts = {}) {
  return spoken[kept.language][name].replace(/\{(\w+)\}/g, (_, fact) => facts[fact] ?? "");
}

const otherLanguage = () => (kept.language === "zh" ? "en" : "zh");
const serverNow = () => Date.now() + kept.offset;

/** The words of both languages: visitors of either stand before the screen. */
function bilingual(name, facts = {}) {
  const text = (language) => spoken[language][name].replace(/\{(\w+)\}/g, (_, fact) => facts[fact] ?? "");
  return [h("span", text(kept.language)), h("span.other", { lang: otherLanguage() }, text(otherLanguage()))];
}

function head() {
  const screen = state.screen;
  const isShown = screen && !state.isPairing;
  part("rally").textContent = isShown ? screen.rally[kept.language] : "";
  part("booth").textContent = isShown ? `${screen.booth.code} ${screen.booth[kept.language]}` : say(state.isPairing ? "pair_title" : "title");
  part("language").textContent = say("language");
  part("full").textContent = say("full");
  part("full").hidden = !document.fullscreenEnabled || Boolean(document.fullscreenElement);
  document.documentElement.lang = kept.language === "zh" ? "zh-CN" : "en";
}

function banner() {
  const trouble = !state.isOnline ? "offline" : state.isBroken ? "server" : "";
  part("banner").hidden = !trouble || !kept.key || state.isPairing;
  part("banner").replaceChildren(...(trouble ? [h("strong", say(trouble)), h("span", say("offline_long"))] : []));
}

function foot() {
  const counts = [];
  if (state.screen) counts.push(h("span", say("today", { n: state.screen.stamps })));
  counts.push(h("span", say("left", { n: kept.slips.length })));
  if (kept.waiting.length) counts.push(h("span.warn", say("waiting", { n: kept.waiting.length })));
  if (kept.conflicts.length) counts.push(h("span.alarm", say("conflicts", { n: kept.conflicts.length })));
  const isOpen = Boolean(state.panel);
  const toggle = h("button.clerk", { onclick: () => openPanel(!isOpen) }, say(isOpen ? "close" : "clerk"));
  part("foot").replaceChildren(h("p.counts", ...counts), toggle);
  part("foot").hidden = !kept.key || state.isPairing;
}

function openPanel(isOpen) {
  state.panel = isOpen ? clerkPanel({ say, isOnline: () => state.isOnline, serverNow, changed: afterClerk }) : null;
  draw();
  state.panel?.querySelector("[data-first] input")?.focus();
}

function afterClerk() {
  foot();
  conflicts();
  look();
}

function conflicts() {
  state.panel?.querySelector(".conflicts")?.replaceWith(conflictList({ say, changed: afterClerk }));
}

function draw() {
  head();
  banner();
  foot();
  const view = part("view");
  if (!kept.key || state.isPairing) return;
  if (state.panel) {
    if (!view.contains(state.panel)) view.replaceChildren(state.panel);
    return;
  }
  view.replaceChildren(...code());
}

/** The code with its seconds, a sign where there is none, or the way without network. */
function code() {
  const screen = state.screen;
  if (!state.isOnline || !screen) return [h("p.sign", ...bilingual(state.isOnline ? "server" : "offline_sign"))];
  if (screen.sign) {
    const [own, other] = [kept.language, otherLanguage()].map((language) => screen.sign[language]);
    const why = [...new Set([own.why, other.why])].filter(Boolean);
    return [h("p.sign.paused", h("span", own.said), h("span.other", other.said), ...why.map((each) => h("small", each)))];
  }
  if (serverNow() >= screen.next + 15_000) return [h("p.sign", ...bilingual("server"))];
  return [
    h("img.code", { src: screen.picture, alt: screen.link }),
    h("p.seconds", { role: "timer" }, seconds()),
    h("p.scan", ...bilingual("scan")),
  ];
}

const seconds = () => say("seconds", { n: Math.max(Math.ceil((state.screen.next - serverNow()) / 1000), 0) });

async function look() {
  if (!kept.key || state.isPairing) return;
  state.lookedAt = Date.now();
  try {
    const screen = await ask("GET", "/screen");
    kept.offset = screen.now - Date.now();
    state.screen = screen;
    kept.screen = { ...screen, picture: "", link: "", next: 0 };
    Object.assign(state, { isOnline: true, isBroken: false });
  } catch (refused) {
    if (refused.status === 401) return unpaired(refused.message);
    Object.assign(state, { isOnline: refused.code !== "offline", isBroken: refused.code !== "offline" });
  }
  draw();
  if (state.isOnline && !state.isBroken) await exchange();
}

/** Send what waits, in parts; then take slips up to the usual stock. */
async function exchange() {
  if (state.isSending) return;
  state.isSending = true;
  try {
    while (kept.waiting.length) {
      const { results } = await ask("POST", "/slips", { uses: kept.waiting.slice(0, SENT_AT_ONCE) });
      settle(results);
      foot();
      conflicts();
      if (!kept.waiting.length) state.panel?.sent();
    }
    if (kept.slips.length < REFILL_BELOW) stock((await ask("GET", "/slips")).slips);
    foot();
  } catch (refused) {
    // The next look tries again; nothing is lost meanwhile.
    if (refused.status === 401) unpaired(refused.message);
  } finally {
    state.isSending = false;
  }
}

function unpaired(sentence) {
  forget();
  if (state.isPairing) return;
  state.panel = null;
  head();
  banner();
  foot();
  part("view").replaceChildren(h("p.sign", sentence || say("unpaired")));
}

/** A device that was another booth's hands in what it still keeps before it changes. */
function pairing(token) {
  state.isPairing = true;
  const name = h("input", { value: say("screen_name"), maxlength: "40", "aria-label": say("name") });
  const told = h("p.told", { role: "status" });
  const pair = async () => {
    button.disabled = true;
    told.textContent = say("pairing");
    try {
      if (kept.key) await exchange();
      if (kept.key && kept.waiting.length) throw new Error(say("send_first"));
      const { key } = await ask("POST", "/pairing", { token, name: name.value });
      move(key);
      Object.assign(state, { isPairing: false, screen: null });
      history.replaceState(null, "", location.pathname);
      await look();
    } catch (refused) {
      told.textContent = refused.message || say("server");
      button.disabled = refused.status === 401;
    }
  };
  const button = h("button.give", { onclick: pair }, say("pair"));
  head();
  foot();
  part("view").replaceChildren(h("div.panel", h("p", say("pair_why")), h("label", h("span", say("name")), name), button, told));
}

function tick() {
  const shown = part("view").querySelector(".seconds");
  if (shown && state.screen) shown.textContent = seconds();
  const isOver = state.screen?.next && serverNow() >= state.screen.next && Date.now() - state.lookedAt > 1000;
  if (isOver || Date.now() - state.lookedAt > LOOK_EVERY) look();
}

async function stayAwake() {
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // A device that saves power keeps its own counsel.
  }
}

part("language").addEventListener("click", () => {
  kept.language = otherLanguage();
  if (state.isPairing) pairing(token);
  else if (state.panel) openPanel(true);
  else draw();
});
part("full").addEventListener("click", () => document.documentElement.requestFullscreen().then(head, () => {}));
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && (stayAwake(), look()));
window.addEventListener("online", look);
window.addEventListener("offline", () => { state.isOnline = false; draw(); });

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/booth/worker.js", { scope: "/booth" }).catch(() => {});
stayAwake();
if (token) pairing(token);
else if (kept.key) { draw(); look(); }
else unpaired("");
setInterval(tick, 250);
