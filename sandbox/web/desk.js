// The desk on which the phones lie side by side; at a phone's width exactly one of them, over the whole screen.

import { avatar } from "./avatar.js";
import { ClockBar } from "./clock.js";
import { h, reconcile } from "./element.js";
import { FaultPanel } from "./faults.js";
import { icon } from "./icons.js";
import { writeLayout } from "./layout.js";
import { choosePerson, createPerson, roleOf } from "./people.js";
import { Phone } from "./phone.js";
import { RecordPanel } from "./record.js";
import { nameOf, world } from "./world.js";

const FIRST_PHONES = 3;
const TICK_MS = 1000;
const PREFERRED = ["manager", "merchant", "customer"];

export class Desk {
  constructor(root, { phones, remembered }) {
    Object.assign(this, { root, remembered, phones: [] });
    this.clock = new ClockBar(root);
    this.faults = new FaultPanel();
    this.record = new RecordPanel();
    this.wall = h("main.wall", { "aria-label": "手机" });
    this.aside = h("aside.aside", { hidden: true });
    this.offline = h("div.offline", { hidden: true, role: "status" }, "与沙箱的连接断开了，正在重连…");
    const work = h("div.desk__work", this.wall, this.aside);
    root.append(this.topBar(), this.offline, work);
    const known = this.known(phones);
    if (!known && !remembered) this.clock.say(`沙箱里没有编号为 ${phones[0].person} 的人`);
    for (const phone of known ?? this.firstPhones()) this.addPhone(phone);
    world.addEventListener("changed", () => this.worldChanged());
    setInterval(() => this.tick(), TICK_MS);
    this.worldChanged();
  }

  topBar() {
    const tool = (name, label, onclick) => h("button.top-bar__tool", { onclick }, icon(name), h("span", label));
    this.faultTool = tool("fault", "故障", () => this.openFaults());
    const tools = h(
      "div.top-bar__tools",
      this.faultTool,
      tool("record", "调用记录", () => this.openRecord()),
      tool("phone", "添加手机", () => this.anotherPhone()),
    );
    return h("header.top-bar", h("h1.top-bar__name", "微聊沙箱"), this.clock.element, tools);
  }

  // Phones.
  known(phones) {
    const found = phones?.filter(({ person }) => world.person(person));
    return found?.length ? found : null;
  }

  firstPhones() {
    const byRole = PREFERRED.map((role) => world.people.find((person) => person.role === role)).filter(Boolean);
    const rest = world.people.filter((person) => !byRole.includes(person));
    return [...byRole, ...rest].slice(0, FIRST_PHONES).map(({ id }) => ({ person: id }));
  }

  addPhone(place) {
    const phone = new Phone(this, place);
    this.phones.push(phone);
    return phone;
  }

  async anotherPhone() {
    const person = await choosePerson(this.root).catch((error) => this.clock.say(error.message));
    if (!person) return;
    const phone = this.addPhone({ person });
    this.draw();
    this.remember();
    phone.element.scrollIntoView({ inline: "end" });
  }

  removePhone(phone) {
    this.phones = this.phones.filter((other) => other !== phone);
    this.draw();
    this.remember();
  }

  remember() {
    if (this.remembered) writeLayout(this.phones.map(({ personId, openedChat }) => ({ person: personId, chat: openedChat })));
  }

  draw() {
    const phones = this.phones.map((phone) => phone.element);
    reconcile(this.wall, phones.length ? phones : [this.emptyDesk()]);
    for (const phone of this.phones) this.drawHead(phone);
    this.tick();
  }

  drawHead(phone) {
    const person = world.user(phone.personId);
    const label = `${nameOf(person)}的手机，换一个人`;
    const owner = h("button.phone__owner", { "aria-label": label, onclick: () => phone.choosePerson() }, avatar(person, 24), h("strong", nameOf(person)), h("span.role", roleOf(person)), icon("swap"));
    const remove = h("button.icon-button", { "aria-label": `收起${nameOf(person)}的手机`, onclick: () => this.removePhone(phone) }, icon("close"));
    reconcile(phone.head, [owner, remove]);
    phone.element.setAttribute("aria-label", `${nameOf(person)}的手机`);
  }

  emptyDesk() {
    const begin = async () => {
      const person = await createPerson(this.root).catch((error) => this.clock.say(error.message));
      if (!person) return;
      this.addPhone({ person });
      this.draw();
      this.remember();
    };
    const choose = world.people.length ? h("button.weui-btn.weui-btn_default", { onclick: () => this.anotherPhone() }, "选择一个人") : null;
    return h("div.empty-desk", h("p", "还没有手机。先新建一个人，就有了他的手机。"), h("button.weui-btn.weui-btn_primary", { onclick: begin }, "新建一个人"), choose);
  }

  // Panels.
  openClock() {
    this.clock.openCustom();
  }

  openFaults() {
    this.toggle(this.faults);
  }

  openRecord() {
    this.toggle(this.record);
  }

  toggle(panel) {
    const open = this.panel !== panel;
    this.panel?.closed();
    this.panel = open ? panel : null;
    this.aside.hidden = !open;
    const shut = h("button.icon-button", { "aria-label": "关闭", onclick: () => this.toggle(panel) }, icon("close"));
    reconcile(this.aside, open ? [h("header.aside__head", h("h2", panel.title), shut), panel.element] : []);
    this.panel?.opened();
  }

  // Events.
  worldChanged() {
    this.clock.draw();
    this.faultTool.classList.toggle("is-active", this.faults.active(world.faults));
    this.phones = this.phones.filter((phone) => world.person(phone.personId));
    for (const phone of this.phones) phone.announce("chatsChanged");
    this.draw();
  }

  happened(event) {
    for (const phone of this.phones) phone.happened(event);
  }

  connected(there) {
    this.offline.hidden = there;
  }

  recovered() {
    world.refresh().catch(() => undefined);
    for (const phone of this.phones) {
      phone.refresh().catch(() => undefined);
      phone.announce("recovered");
    }
  }

  tick() {
    const now = world.now();
    this.clock.tick(now);
    for (const phone of this.phones) phone.tick(now);
  }
}
