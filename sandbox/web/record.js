// The drawer with the bots' last calls: when, which method, to which chat, and how it ended; a tap shows the parameters.

import { api } from "./api.js";
import { h, reconcile } from "./element.js";
import { preciseTime } from "./moments.js";
import { nameOf, world } from "./world.js";

const POLL_MS = 1000;
const SHOWN = 200;
const QUIET = new Set(["getUpdates", "getMe"]);

export class RecordPanel {
  constructor() {
    this.title = "调用记录";
    this.seq = 0;
    this.calls = [];
    this.filter = h("input.record__filter", { type: "search", placeholder: "按方法或聊天筛选", "aria-label": "筛选调用", oninput: () => this.draw() });
    this.list = h("ol.record__list", { "aria-label": "最近的调用" });
    this.element = h("div.aside__body.record", this.filter, this.list);
  }

  opened() {
    this.read();
    this.timer = setInterval(() => this.read(), POLL_MS);
  }

  closed() {
    clearInterval(this.timer);
  }

  async read() {
    const answer = await api.calls(this.seq).catch(() => null);
    if (!answer || answer.seq < this.seq) this.forget();
    if (!answer?.calls.length) return;
    const known = new Set(this.calls.map((call) => call.seq));
    this.calls.push(...answer.calls.filter((call) => !known.has(call.seq) && !QUIET.has(call.method)));
    this.calls = this.calls.slice(-SHOWN);
    this.seq = answer.seq;
    this.draw();
  }

  forget() {
    this.seq = 0;
    this.calls = [];
  }

  draw() {
    const wanted = this.filter.value.trim().toLowerCase();
    const shown = this.calls.filter((call) => !wanted || `${call.method} ${placeOf(call)}`.toLowerCase().includes(wanted));
    const rows = shown.reverse().map((call) => (call.node ??= row(call)));
    reconcile(this.list, rows.length ? rows : [h("li.empty", "还没有调用")]);
  }
}

function row(call) {
  const outcome = call.outcome === "ok" ? "✓" : call.outcome === "no_reply" ? "无应答" : String(call.error_code ?? "错误");
  const line = h(
    "summary",
    h("time", preciseTime(new Date(call.at))),
    h("code", call.method),
    h("span.record__chat", placeOf(call)),
    h(`span.record__outcome.record__outcome_${call.outcome}`, outcome),
  );
  const reason = h("p", [call.fault && `故障：${call.fault}`, call.description].filter(Boolean).join(" · "));
  return h("li", h("details", line, reason, h("pre", JSON.stringify(call.params, null, 1))));
}

function placeOf(call) {
  const id = call.chat_id ?? call.params.user_id;
  if (id === undefined || id === null) return "";
  const known = world.group(id) ?? world.person(id) ?? world.bot(id);
  return known ? nameOf(known) : String(id);
}
