// Speaks the person side of the sandbox over HTTP; a refusal becomes an error that carries the server's own sentence.

import { inChinese } from "./refusals.js";

export class Refused extends Error {
  constructor(status, sentence) {
    super(inChinese(sentence));
    this.status = status;
  }
}

async function ask(method, path, body) {
  const options = { method, headers: {} };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(`/api${path}`, options);
  } catch {
    throw new Refused(0, "连不上沙箱，请确认它还在运行");
  }
  const text = await response.text();
  const answer = parse(text);
  if (!response.ok) throw new Refused(response.status, sentence(answer) ?? `沙箱返回 ${response.status}`);
  return answer;
}

function parse(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

function sentence(answer) {
  const detail = answer?.description ?? answer?.detail ?? answer?.error;
  if (Array.isArray(detail)) return detail.map((part) => part.msg ?? String(part)).join("；");
  return typeof detail === "string" ? detail : null;
}

const get = (path) => ask("GET", path);
const post = (path, body = {}) => ask("POST", path, body);
const seg = encodeURIComponent;

export const api = {
  world: () => get("/world"),
  createPerson: (person) => post("/people", person),
  chats: (person) => get(`/people/${person}/chats`),
  messages: (person, chat, after) => get(`/people/${person}/chats/${seg(chat)}/messages?after=${after}`),
  read: (person, chat) => post(`/people/${person}/chats/${seg(chat)}/read`),
  block: (person, bot) => post(`/people/${person}/block`, { bot }),
  unblock: (person, bot) => post(`/people/${person}/unblock`, { bot }),

  say: (chat, message) => post(`/chats/${seg(chat)}/messages`, message),
  start: (chat, person_id, parameter) => post(`/chats/${seg(chat)}/start`, { person_id, ...(parameter && { parameter }) }),
  shareContact: (chat, person_id, contact_of) =>
    post(`/chats/${seg(chat)}/contact`, { person_id, ...(contact_of && { contact_of }) }),
  shareChat: (chat, sharing) => post(`/chats/${seg(chat)}/shared-chat`, sharing),
  tap: (chat, message, tap) => post(`/chats/${seg(chat)}/messages/${message}/taps`, tap),
  openApp: (person, opening) => post(`/people/${person}/web-apps`, opening),
  sendAppData: (chat, person_id, button_text, data) => post(`/chats/${seg(chat)}/web-app-data`, { person_id, button_text, data }),
  tapAnswer: (id) => get(`/taps/${seg(id)}`),

  react: (chat, message, person_id, emoji) => post(`/chats/${seg(chat)}/messages/${message}/reactions`, { person_id, emoji }),
  vote: (chat, message, person_id, options) => post(`/chats/${seg(chat)}/messages/${message}/votes`, { person_id, options }),

  createGroup: (group) => post("/groups", group),
  group: (chat) => get(`/groups/${chat}`),
  renameGroup: (chat, person_id, title) => ask("PATCH", `/groups/${chat}`, { person_id, title }),
  joinGroup: (chat, person_id, invite_link) => post(`/groups/${chat}/members`, { person_id, invite_link }),
  leaveGroup: (chat, person) => ask("DELETE", `/groups/${chat}/members/${person}`),
  addBot: (chat, addition) => post(`/groups/${chat}/bots`, addition),
  changeBot: (chat, bot, change) => ask("PATCH", `/groups/${chat}/bots/${bot}`, change),
  migrate: (chat) => post(`/groups/${chat}/migrate`),

  calls: (after) => get(`/calls?after=${after}`),
  faults: () => get("/faults"),
  setFaults: (faults) => ask("PUT", "/faults", faults),
  turnClock: (turn) => post("/clock", turn),
  fileAddress: (file) => `/api/files/${seg(file)}`,
};
