// Speaks Telegram's Mini App protocol (core.telegram.org/api/web-events) without a script from outside.

const launch = new URLSearchParams(location.hash.slice(1));
const heard = new Map();

/** The signed words about who opened the page; empty outside of Telegram. */
export const initData = launch.get("tgWebAppData") ?? "";

/** Whether the page stands in a client on a phone or a desk, not in a frame of a browser. */
export const isInClient = () => Boolean(window.TelegramWebviewProxy);

/** Tells the client something, whichever way it listens. */
export function post(type, data = {}) {
  const told = JSON.stringify(data);
  if (window.TelegramWebviewProxy) return window.TelegramWebviewProxy.postEvent(type, told);
  if (window.external && "notify" in window.external) return window.external.notify(JSON.stringify({ eventType: type, eventData: data }));
  if (window.parent !== window) return window.parent.postMessage(JSON.stringify({ eventType: type, eventData: data }), "*");
  return undefined;
}

/** Runs `act` whenever the client tells of this event; the last one counts. */
export function on(type, act) {
  heard.set(type, act);
}

function receive(type, data) {
  heard.get(type)?.(data);
}

window.TelegramGameProxy_receiveEvent = receive;
window.TelegramGameProxy = { receiveEvent: receive };
window.Telegram = { WebView: { receiveEvent: receive } };
window.addEventListener("message", (event) => {
  if (event.source !== window.parent || typeof event.data !== "string") return;
  try {
    const { eventType, eventData } = JSON.parse(event.data);
    receive(eventType, eventData);
  } catch {
    // Somebody else's message.
  }
});

/** Follows the client's colours: WeUI is dark where Telegram is. */
function paint(params) {
  const shade = /^#(..)(..)(..)$/.exec(params?.bg_color ?? "");
  if (!shade) return;
  const [red, green, blue] = shade.slice(1).map((part) => parseInt(part, 16));
  document.body.dataset.weuiTheme = red * 0.299 + green * 0.587 + blue * 0.114 < 128 ? "dark" : "light";
}

export function greet() {
  try {
    paint(JSON.parse(launch.get("tgWebAppThemeParams") ?? "null"));
  } catch {
    // The system's colours stay.
  }
  on("theme_changed", (data) => paint(data?.theme_params));
  post("web_app_ready");
  post("web_app_expand");
}

/** Opens the private chat with the bot, with a start parameter or without, and leaves the page. */
export function openChat(parameter = "") {
  const bot = document.body.dataset.bot;
  openLink(`/${bot}${parameter && `?start=${parameter}`}`);
  post("web_app_close");
}

/** Opens a t.me path in Telegram. */
export function openLink(path) {
  const framed = window.TelegramWebviewProxy || window.parent !== window;
  if (framed) post("web_app_open_tg_link", { path_full: path });
  else location.assign(`https://t.me${path}`);
}

/** Shows the client's own back button while `act` is given. */
export function back(act) {
  on("back_button_pressed", () => act?.());
  post("web_app_setup_back_button", { is_visible: Boolean(act) });
}
