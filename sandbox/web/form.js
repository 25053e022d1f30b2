// Asks for several values in a half-screen sheet and resolves with them by name, or null when the person turned away.

import { h } from "./element.js";
import { sheet } from "./overlays.js";

/** `fields` are {name, label, kind?: "text"|"area"|"select"|"checks", value?, options?: [{value, label}], required?, …}. */
export const form = (host, title, fields, submit = "完成") =>
  sheet(host, title, (close) => {
    const inputs = fields.map((field) => ({ field, control: KINDS[field.kind ?? "text"](field) }));
    const onsubmit = (event) => {
      event.preventDefault();
      close(Object.fromEntries(inputs.map(({ field, control }) => [field.name, control.read()])));
    };
    const button = h("button.weui-btn.weui-btn_primary", submit);
    button.type = "submit";
    return h("form.sheet__form", { onsubmit, autocomplete: "off" }, inputs.map(row), h("div.sheet__submit", button));
  });

function row({ field, control }) {
  if (field.kind === "checks") {
    return h("fieldset.checks", h("legend", field.label), control.element);
  }
  return h("label.weui-cell.form-row", h("span.weui-label", field.label), h("span.weui-cell__bd", control.element));
}

const KINDS = {
  text(field) {
    const { type = "text", value = "", placeholder, required, pattern, inputmode, maxlength, title } = field;
    const element = h("input.weui-input", { type, value, placeholder, required, pattern, inputmode, maxlength, title });
    return { element, read: () => element.value.trim() };
  },
  area(field) {
    const { value = "", placeholder, required, rows = 4 } = field;
    const element = h("textarea.weui-textarea", { value, placeholder, required, rows });
    return { element, read: () => element.value };
  },
  select(field) {
    const options = field.options.map(({ value, label }) => h("option", { value }, label));
    const element = h("select.weui-select", options);
    if (field.value !== undefined) element.value = field.value;
    return { element, read: () => element.value };
  },
  checks(field) {
    const chosen = new Set(field.value ?? []);
    const boxes = field.options.map(({ value, label }) => {
      const box = h("input", { value, checked: chosen.has(value) });
      box.type = "checkbox";
      return { box, element: h("label.check", box, h("span", label)) };
    });
    const read = () => boxes.filter(({ box }) => box.checked).map(({ box }) => box.value);
    return { element: h("div.checks__list", boxes.map(({ element }) => element)), read };
  },
};
