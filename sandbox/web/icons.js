// Draws the few line icons of the chat as SVG, so that no icon font is needed.

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  back: "M15 4l-8 8 8 8",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  plus: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 8v8M8 12h8",
  add: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6L6 18",
  chevron: "M9 5l7 7-7 7",
  down: "M6 9l6 6 6-6",
  smile: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8.5 9.5v.5M15.5 9.5v.5M8 14c1 1.7 2.4 2.5 4 2.5s3-.8 4-2.5",
  keyboard: "M4 6h16a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1zM7 10h.01M11 10h.01M15 10h.01M17 10h.01M8 14.5h8",
  menu: "M4 7h16M4 12h16M4 17h16",
  slash: "M4 4h16v16H4zM14 8l-4 8",
  chats: "M12 4c-4.97 0-9 3.4-9 7.5 0 2.4 1.3 4.5 3.4 5.9L6 20.5l3.3-1.8c.9.2 1.8.3 2.7.3 4.97 0 9-3.4 9-7.5S16.97 4 12 4z",
  contacts: "M10 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM3 20c0-4 3-6 7-6s7 2 7 6zM17.5 8H22M17.5 12H22M19 16h3",
  target: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11a1 1 0 1 0 0 2 1 1 0 0 0 0-2z",
  discover: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM15.5 8.5l-2 5-5 2 2-5z",
  me: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 20.5c0-4 3.5-6.5 8-6.5s8 2.5 8 6.5z",
  photo: "M4 5h16v14H4zM8.5 8.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3zM4 17l5-4 3.5 3L16 12l4 4",
  poll: "M5 20V11M12 20V4M19 20v-6",
  card: "M4 5h16v14H4zM9 9a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM6.5 16.5c.3-1.5 1.2-2.2 2.5-2.2s2.2.7 2.5 2.2M14.5 10H18M14.5 13.5H18",
  announcement: "M4 10v4h3l6 4V6L7 10zM16.5 9a4 4 0 0 1 0 6",
  todo: "M4 5h16v15H4zM8 12.5l3 3 5.5-6",
  scan: "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M4 12h16",
  group: "M9 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM3 19c0-3.5 2.5-5.5 6-5.5s6 2 6 5.5zM15.5 5.5a3 3 0 0 1 0 5.5M17 14c2.5.5 4 2.3 4 5h-3",
  bot: "M5 9h14v10H5zM12 5v4M9 13.5v1M15 13.5v1M12 4h.01M3 13v3M21 13v3",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5.5l3.5 2",
  fault: "M12 4L2.5 20h19zM12 10v4.5M12 17.3v.2",
  record: "M5 4h14v16H5zM8.5 9h7M8.5 12.5h7M8.5 16h4",
  phone: "M7 3h10a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM11 18h2",
  swap: "M4 8h14l-4-4M20 16H6l4 4",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  program: "M12 8.5v5a3 3 0 1 1-3-3M12 13.5v-5a3 3 0 1 1 3 3",
  reply: "M10 6l-6 6 6 6M4 12h9c4 0 7 2 7 6",
  send: "M5 12h14M13 6l6 6-6 6",
};

/** An icon by name, as tall as the text unless CSS says otherwise. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
