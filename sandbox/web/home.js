// The home of one phone: WeChat's four tabs 微信, 通讯录, 发现 and 我 with the bar below.

import { ChatList } from "./chatlist.js";
import { Contacts } from "./contacts.js";
import { Discover } from "./discover.js";
import { h, reconcile } from "./element.js";
import { createGroup, joinGroup } from "./groups.js";
import { icon } from "./icons.js";
import { Me } from "./me.js";
import { actionSheet } from "./overlays.js";
import { avatar } from "./avatar.js";
import { world } from "./world.js";

const TABS = [
  { name: "chats", label: "微信", title: "微信" },
  { name: "contacts", label: "通讯录", title: "通讯录" },
  { name: "discover", label: "发现", title: "发现" },
  { name: "me", label: "我", title: "我" },
];

export class Home {
  constructor(phone) {
    this.phone = phone;
    this.pages = { chats: new ChatList(phone), contacts: new Contacts(phone), discover: new Discover(phone), me: new Me(phone) };
    this.current = "chats";
    this.title = h("h2.nav__title");
    this.face = h("button.nav__person", { "aria-label": "换一个人", onclick: () => phone.choosePerson() });
    const plus = h("button.icon-button", { "aria-label": "更多", onclick: () => this.more() }, icon("plus"));
    this.body = h("div.home__body");
    this.tabs = TABS.map((tab) => this.tabButton(tab));
    const bar = h("nav.tabbar", { "aria-label": "主导航" }, this.tabs);
    this.element = h("section.screen.home", h("header.nav", this.face, this.title, plus), this.body, bar);
    this.draw();
  }

  tabButton({ name, label }) {
    return h("button.tabbar__item", { dataset: { tab: name }, onclick: () => this.show(name) }, icon(name), h("span", label));
  }

  show(name) {
    this.current = name;
    this.draw();
  }

  draw() {
    const { title } = TABS.find((tab) => tab.name === this.current);
    const unread = this.phone.unread();
    this.title.textContent = this.current === "chats" && unread ? `${title}(${unread})` : title;
    reconcile(this.face, [avatar(world.user(this.phone.personId), 30)]);
    this.pages[this.current].draw();
    reconcile(this.body, [this.pages[this.current].element]);
    for (const button of this.tabs) this.mark(button, unread);
  }

  mark(button, unread) {
    const active = button.dataset.tab === this.current;
    button.classList.toggle("is-active", active);
    button.setAttribute("aria-current", active ? "page" : "false");
    button.querySelector(".badge")?.remove();
    if (button.dataset.tab === "chats" && unread) button.append(h("span.badge", unread > 99 ? "99+" : String(unread)));
  }

  more() {
    return actionSheet(this.phone.glass, [
      { label: "发起群聊", run: () => createGroup(this.phone) },
      { label: "扫码进群", run: () => joinGroup(this.phone) },
      { label: "打开链接", run: () => this.phone.askForLink() },
    ]);
  }

  chatsChanged() {
    this.draw();
  }
}
