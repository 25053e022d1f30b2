// The third tab: 扫一扫, 发起群聊, mini programs, and on a real phone the sandbox's own panels.

import { cell, cells } from "./cells.js";
import { h } from "./element.js";
import { createGroup, joinGroup } from "./groups.js";
import { icon } from "./icons.js";

const lead = (name, colour) => h("span.cell__icon", { style: { "--colour": colour } }, icon(name));

export class Discover {
  constructor(phone) {
    this.phone = phone;
    this.element = h("div.tab-body", this.rows());
  }

  /** Nothing here changes with the world. */
  draw() {}

  rows() {
    const { phone } = this;
    const { desk } = phone;
    return [
      cells("", [
        cell({ lead: lead("scan", "#10aeff"), label: "扫码进群", onclick: () => joinGroup(phone) }),
        cell({ lead: lead("program", "#6467f0"), label: "打开链接", onclick: () => phone.askForLink() }),
      ]),
      cells("", [cell({ lead: lead("group", "#07c160"), label: "发起群聊", onclick: () => createGroup(phone) })]),
      cells("沙箱", [
        cell({ lead: lead("clock", "#fa9d3b"), label: "时钟", onclick: () => desk.openClock() }),
        cell({ lead: lead("fault", "#fa5151"), label: "故障", onclick: () => desk.openFaults() }),
        cell({ lead: lead("record", "#576b95"), label: "调用记录", onclick: () => desk.openRecord() }),
      ]),
    ];
  }
}
