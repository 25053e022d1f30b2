// Builds page elements from plain values; text always becomes text nodes, so nothing a person wrote is ever parsed as HTML.

const isAttributes = (value) =>
  value !== null && typeof value === "object" && !(value instanceof Node) && !Array.isArray(value);

/** `h("button.weui-btn", {onclick, "aria-label": "发送"}, "发送")`; children may be nodes, strings, arrays or null. */
export function h(selector, ...rest) {
  const [tag, ...classes] = selector.split(".");
  const element = document.createElement(tag || "div");
  if (classes.length) element.className = classes.join(" ");
  if (tag === "button") element.type = "button";
  if (isAttributes(rest[0])) assign(element, rest.shift());
  element.append(...flatten(rest));
  return element;
}

function assign(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [key, entry] of Object.entries(value)) element.style.setProperty(key, entry);
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (name === "value" || name === "checked" || name === "disabled") element[name] = value;
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
}

const flatten = (children) =>
  children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false && child !== "");

/** Makes `parent` hold exactly `nodes` in order without moving nodes that already stand right (a press in progress survives). */
export function reconcile(parent, nodes) {
  let cursor = parent.firstChild;
  for (const node of nodes) {
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
  }
  while (cursor) {
    const next = cursor.nextSibling;
    cursor.remove();
    cursor = next;
  }
}
