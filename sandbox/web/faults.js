// The panel of faults: Telegram's limits on or off, and answers that fail the way networks and servers fail.

import { api } from "./api.js";
import { h, reconcile } from "./element.js";
import { world } from "./world.js";

const KINDS = [
  { kind: "too_many_requests", label: "429 太频繁", note: "retry_after 5 秒", rule: { retry_after: 5 } },
  { kind: "server_error", label: "5xx 服务器错误", note: "502 Bad Gateway" },
  { kind: "time_out_after_delivery", label: "超时（已送达）", note: "事情做了，不回答" },
  { kind: "connection_reset", label: "重置（未送达）", note: "做事之前断开" },
  { kind: "reset_after_delivery", label: "重置（已送达）", note: "做事之后断开" },
  { kind: "blocked", label: "403 被拉黑", note: "bot was blocked by the user" },
  { kind: "migrated", label: "群升级为超级群", note: "400 加新的群编号（普通群）" },
  { kind: "slow", label: "慢", note: "每次晚 3 秒回答", rule: { seconds: 3 } },
  { kind: "repeat_updates", label: "重复更新", note: "确认过的更新再来一次" },
];
const ALWAYS = "1";
const CHANCES = [
  { value: ALWAYS, label: "每次" },
  { value: "0.5", label: "一半" },
  { value: "0.1", label: "十分之一" },
];

export class FaultPanel {
  constructor() {
    this.title = "故障";
    this.chance = ALWAYS;
    this.element = h("div.aside__body");
  }

  /** Whether anything but Telegram's own limits is switched on. */
  active(faults) {
    return faults.rules.length > 0;
  }

  async opened() {
    await this.show(() => api.faults());
  }

  closed() {}

  async show(answer) {
    try {
      this.draw(await answer());
      await world.refresh();
    } catch (error) {
      reconcile(this.element, [h("p.empty", error.message)]);
    }
  }

  draw(faults) {
    const { rules } = faults;
    const limits = this.toggle("Telegram 限流", "每群每分钟 20 条，每聊天每秒 1 条，每机器人每秒 30 条", faults.limits !== false, (on) =>
      this.put({ rules, limits: on }),
    );
    const switches = KINDS.map((entry) => {
      const on = rules.some((rule) => rule.kind === entry.kind);
      return this.toggle(entry.label, entry.note, on, (want) => this.put({ rules: this.changed(rules, entry, want) }));
    });
    reconcile(this.element, [h("div.weui-cells", limits), this.chanceRow(), h("div.weui-cells", switches)]);
  }

  toggle(label, note, on, onchange) {
    const box = h("input.weui-switch", { checked: on, onchange: (event) => onchange(event.target.checked) });
    box.type = "checkbox";
    return h("label.weui-cell", h("span.weui-cell__bd", h("span.cell__label", label), h("span.cell__note", note)), h("span.weui-cell__ft", box));
  }

  chanceRow() {
    const options = CHANCES.map(({ value, label }) => h("option", { value }, label));
    const select = h("select.weui-select", { "aria-label": "新故障出现的机会", onchange: () => (this.chance = select.value) }, options);
    select.value = this.chance;
    return h("label.weui-cell.aside__chance", h("span.weui-cell__bd", "新打开的故障出现"), select);
  }

  changed(rules, { kind, rule }, want) {
    const others = rules.filter((other) => other.kind !== kind);
    return want ? [...others, { kind, probability: Number(this.chance), ...rule }] : others;
  }

  put(faults) {
    return this.show(() => api.setFaults(faults));
  }
}
