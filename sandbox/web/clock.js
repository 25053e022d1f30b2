// The sandbox's clock in the top bar: domain time now, steps forward, and its rate.

import { api } from "./api.js";
import { h } from "./element.js";
import { form } from "./form.js";
import { dateAndWeekday, preciseTime } from "./moments.js";
import { toast } from "./overlays.js";
import { world } from "./world.js";

const STEPS = [
  { label: "+1 小时", advance: "1h" },
  { label: "+1 天", advance: "1d" },
  { label: "+3 天", advance: "3d" },
];
const BANK_OFFSET = "+08:00";
const RATES = [1, 10, 60, 600, 3600];

export class ClockBar {
  constructor(host) {
    this.host = host;
    this.time = h("time.clock__time");
    this.date = h("span.clock__date");
    const steps = STEPS.map(({ label, advance }) => h("button.clock__step", { onclick: () => this.turn({ advance }) }, label));
    const custom = h("button.clock__step", { onclick: () => this.openCustom() }, "自定义");
    const options = RATES.map((value) => h("option", { value }, `× ${value}`));
    this.rate = h("select.clock__rate", { "aria-label": "时间倍速", onchange: () => this.turn({ rate: Number(this.rate.value) }) }, options);
    this.element = h("div.clock", { role: "group", "aria-label": "沙箱时钟" }, this.date, this.time, steps, custom, this.rate);
  }

  draw() {
    const rate = String(world.clock.rate ?? 1);
    if (![...this.rate.options].some((option) => option.value === rate)) this.rate.append(h("option", { value: rate }, `× ${rate}`));
    this.rate.value = rate;
    this.tick(world.now());
  }

  tick(now) {
    this.date.textContent = dateAndWeekday(now);
    this.time.textContent = preciseTime(now);
  }

  say(text) {
    toast(this.host, text);
  }

  async turn(change) {
    try {
      await api.turnClock(change);
      await world.refresh();
    } catch (error) {
      this.say(error.message);
    }
  }

  async openCustom() {
    const answer = await form(this.host, "拨动时钟", [
      { name: "advance", label: "往后", placeholder: "3d4h、90m、30s", pattern: "([0-9]+[dhms])+", title: "例如 3d4h、90m" },
      { name: "now", label: "或拨到", type: "datetime-local" },
      { name: "rate", label: "倍速", value: String(world.clock.rate ?? 1), inputmode: "decimal", pattern: "[0-9]+(\\.[0-9]+)?", title: "一个数" },
    ]);
    if (!answer) return;
    if (answer.now) await this.turn({ now: `${answer.now}:00${BANK_OFFSET}` });
    else if (answer.advance) await this.turn({ advance: answer.advance });
    if (answer.rate && Number(answer.rate) !== world.clock.rate) await this.turn({ rate: Number(answer.rate) });
  }
}
