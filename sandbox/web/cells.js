// WeUI list cells, the rows of which contacts, discover, profile and chat information are made.

import { h } from "./element.js";

/** A row; with `onclick` it is a button with the small arrow of WeUI. */
export function cell({ lead, label, note, value, onclick, danger }) {
  const parts = [
    lead && h("span.weui-cell__hd", lead),
    h("span.weui-cell__bd", h("span.cell__label", label), note && h("span.cell__note", note)),
    value !== undefined && value !== "" && h("span.weui-cell__ft", value),
  ];
  if (!onclick) return h("div.weui-cell", parts);
  return h(`button.weui-cell.weui-cell_access.weui-cell_active${danger ? ".cell_danger" : ""}`, { onclick }, parts);
}

/** A titled group of rows; nothing when there are none. */
export function cells(title, rows) {
  const shown = rows.filter(Boolean);
  if (!shown.length) return null;
  return h("section.cells-group", title && h("h3.weui-cells__title", title), h("div.weui-cells", shown));
}
