// The fourth tab: who this phone belongs to, and the way to hand it to somebody else.

import { avatar } from "./avatar.js";
import { cell, cells } from "./cells.js";
import { h, reconcile } from "./element.js";
import { icon } from "./icons.js";
import { roleOf } from "./people.js";
import { nameOf, world } from "./world.js";

export class Me {
  constructor(phone) {
    this.phone = phone;
    this.element = h("div.tab-body");
  }

  draw() {
    const person = world.user(this.phone.personId);
    const lines = h("div.me__words", h("strong", nameOf(person)), h("span", `微聊号：${person.username ?? person.id}`), h("span", roleOf(person)));
    reconcile(this.element, [
      h("div.me__card", avatar(person, 64), lines),
      cells("", [
        cell({ label: "手机号", value: person.phone ?? "没有" }),
        cell({ label: "Telegram 编号", value: String(person.id) }),
        cell({ label: "语言", value: person.language_code ?? "" }),
      ]),
      cells("", [cell({ lead: icon("swap"), label: "换一个人", onclick: () => this.phone.choosePerson() })]),
    ]);
  }
}
