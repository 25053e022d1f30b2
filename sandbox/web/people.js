// Chooses or invents the person behind a phone.

import { api } from "./api.js";
import { avatar } from "./avatar.js";
import { form } from "./form.js";
import { sheet } from "./overlays.js";
import { h } from "./element.js";
import { icon } from "./icons.js";
import { nameOf, world } from "./world.js";

export const ROLES = {
  customer: "客户",
  manager: "理财经理",
  merchant: "商户",
  lead: "团队长",
  branch: "支行",
  property: "物业",
  partner: "合作方",
  compliance: "合规",
  administrator: "管理员",
};

export const roleOf = (person) => ROLES[person?.role] ?? person?.role ?? "";

/** Lets the tester choose a person for a phone, or invent one; resolves to the person's id or null. */
export async function choosePerson(host) {
  const chosen = await sheet(host, "这部手机是谁的？", (close) => {
    const invent = personCell(h("span.avatar.avatar_plain", icon("add")), "新建一个人", "姓名、手机号、身份", () => close("new"));
    const cells = world.people.map((person) =>
      personCell(avatar(person), nameOf(person), [roleOf(person), person.phone].filter(Boolean).join(" · "), () => close(person.id)),
    );
    return h("div.weui-cells", invent, cells);
  });
  return chosen === "new" ? createPerson(host) : chosen;
}

const personCell = (lead, label, note, onclick) =>
  h(
    "button.weui-cell.weui-cell_active.choice",
    { onclick },
    h("span.weui-cell__hd", lead),
    h("span.weui-cell__bd", h("span.choice__label", label), h("span.choice__note", note)),
  );

/** Asks for a new person's name, phone number and role; resolves to the id or null. */
export async function createPerson(host) {
  const options = Object.entries(ROLES).map(([value, label]) => ({ value, label }));
  const languages = [
    { value: "zh-hans", label: "中文" },
    { value: "en", label: "English" },
  ];
  const answer = await form(host, "新建一个人", [
    { name: "first_name", label: "姓名", placeholder: "王芳", required: true, maxlength: 64 },
    { name: "phone", label: "手机号", placeholder: "+8613800000000（可不填）", inputmode: "tel", pattern: "\\+?[0-9]{6,15}", title: "6 到 15 位数字" },
    { name: "username", label: "用户名", placeholder: "可不填", pattern: "[A-Za-z][A-Za-z0-9_]{3,31}", title: "字母开头，4 到 32 位字母、数字或下划线" },
    { name: "role", label: "身份", kind: "select", options },
    { name: "language_code", label: "语言", kind: "select", options: languages },
  ]);
  if (!answer) return null;
  const filled = Object.fromEntries(Object.entries(answer).filter(([, value]) => value));
  const person = await api.createPerson(filled);
  await world.refresh();
  return person.id;
}
