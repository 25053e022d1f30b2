// Hears what a Mini App in a frame tells its client (core.telegram.org/api/web-events) and answers; anything else is ignored.

const LONGEST_DATA = 4096;

const EVENTS = {
  web_app_close: (app) => app.close(),
  web_app_open_link: (app, { url }) => app.follow(url),
  web_app_open_tg_link: (app, { path_full: path }) => app.follow(`https://t.me${path}`),
  web_app_setup_back_button: (app, { is_visible: visible }) => (app.back.hidden = !visible),
  web_app_setup_main_button: (app, looks) => app.showMain(looks),
  web_app_data_send: (app, { data }) => typeof data === "string" && data.length <= LONGEST_DATA && app.sendData(data),
  web_app_request_theme: (app) => app.tell("theme_changed", { theme_params: themeOf(app) }),
  web_app_request_viewport: (app) => app.tell("viewport_changed", viewportOf(app)),
};

/** Listens until the app is closed. */
export function listen(app) {
  const hear = ({ source, data }) => {
    if (!app.phone.screens.includes(app)) return window.removeEventListener("message", hear);
    if (source !== app.frame.contentWindow) return undefined;
    const { eventType, eventData } = parse(data);
    return EVENTS[eventType]?.(app, eventData ?? {});
  };
  window.addEventListener("message", hear);
}

function parse(data) {
  try {
    return JSON.parse(data) ?? {};
  } catch {
    return {};
  }
}

const themeOf = ({ frame }) => JSON.parse(new URLSearchParams(new URL(frame.src).hash.slice(1)).get("tgWebAppThemeParams"));

const viewportOf = ({ frame }) => ({ height: frame.clientHeight, width: frame.clientWidth, is_expanded: true, is_state_stable: true });
