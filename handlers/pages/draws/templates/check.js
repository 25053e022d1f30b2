// Computes a closed draw again from its public JSON with the browser's own cryptography, and marks every ticket.
"use strict";

const MILLION = 1000000n;
const bytes = (text) => new TextEncoder().encode(text);
const unhex = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const sha256 = async (data) => hex(await crypto.subtle.digest("SHA-256", data));

async function throwOf(key, draw, number) {
  const made = await crypto.subtle.sign("HMAC", key, bytes(`${draw}:${number}`));
  return Number(BigInt(`0x${hex(made)}`) % MILLION);
}

function prizeOf(prizes, left, thrown) {
  let bound = 0;
  const at = prizes.findIndex((prize) => thrown < (bound += prize.odds_per_million));
  return left[at] === null || left[at] > 0 ? at : prizes.length - 1;
}

async function compute(told) {
  const key = await crypto.subtle.importKey("raw", unhex(told.secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const left = told.prizes.map((prize) => prize.stock);
  let before = told.commitment;
  const marks = [];
  for (const [index, ticket] of told.tickets.entries()) {
    const number = index + 1;
    const prize = prizeOf(told.prizes, left, await throwOf(key, told.id, number));
    if (left[prize] !== null) left[prize] -= 1;
    before = await sha256(bytes(`${before}|${number}|${ticket.name}|${prize}`));
    marks.push(ticket.number === number && ticket.prize === prize && ticket.receipt === before);
  }
  return { marks, head: marks.length ? before : "" };
}

function shows(told, rows) {
  return rows.length === told.tickets.length && told.tickets.map((ticket, at) => {
    const row = rows[at];
    return row.dataset.number === String(ticket.number) && row.dataset.prize === String(ticket.prize)
      && row.dataset.receipt === ticket.receipt && row.querySelector(".name").textContent === ticket.name;
  });
}

function mark(element, isRight, text) {
  element.textContent = `${isRight ? "✓" : "✗"}${text ? ` ${text}` : ""}`;
  element.classList.toggle("right", isRight);
  element.classList.toggle("wrong", !isRight);
}

async function rulesHold(told) {
  const { configuration, text_zh, text_en, digest } = told.rules;
  const run = JSON.parse(configuration);
  const asRun = run.promise === told.commitment && run.rewards.length === told.prizes.length
    && told.prizes.every((prize, at) => prize.odds_per_million === run.rewards[at].odds
      && prize.stock === run.rewards[at].stock && prize.points === run.rewards[at].points);
  return asRun && await sha256(bytes([configuration, text_zh, text_en].join("\n"))) === digest
    && document.getElementById("rules-hash").textContent === digest;
}

async function check() {
  const answer = await fetch(`/draws/${document.body.dataset.draw}.json`, { cache: "no-store" });
  const told = await answer.json();
  const rows = [...document.querySelectorAll("tbody tr")];
  const secret = await sha256(unhex(told.secret)) === told.commitment
    && document.getElementById("promise").textContent === told.commitment
    && document.getElementById("secret").textContent === told.secret;
  const shown = shows(told, rows);
  const { marks, head } = await compute(told);
  rows.forEach((row, at) => mark(row.querySelector(".mark"), Boolean(shown && shown[at] && marks[at]), ""));
  const whole = told.drawn === told.tickets.length && told.head === head;
  const rules = told.rules !== null && await rulesHold(told);
  const tickets = Boolean(shown) && shown.every(Boolean) && marks.every(Boolean);
  const list = document.getElementById("checks");
  for (const [isRight, text] of [
    [rules, "规则的校验码 / the hash of the rules"],
    [secret, "口令与承诺 / the secret and the promise"],
    [tickets, `${marks.length} 张号码的奖品和凭证 / prizes and receipts of ${marks.length} tickets`],
    [whole, "没有少一张，也没有多一张 / none is missing, none was added"],
  ]) mark(list.appendChild(document.createElement("li")), isRight, text);
  const all = rules && secret && tickets && whole;
  mark(document.getElementById("verdict"), all, all
    ? "全部一致，由这台设备重算 / everything is as promised, computed on this device"
    : "有不一致，请联系投诉渠道 / something is wrong: please complain");
}

check().catch((fault) => {
  const words = window.isSecureContext ? String(fault) : "请用 https 打开，或发 /verify / open this page by https, or send /verify";
  mark(document.getElementById("verdict"), false, words);
});
