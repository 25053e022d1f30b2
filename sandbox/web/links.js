// Reads t.me and tg: links, so that a deep link opens the chat here instead of leaving the sandbox.

const HOSTS = new Set(["t.me", "telegram.me", "www.t.me"]);

/** {kind: "bot"|"invite"|"app"|"share"|"web", …} of a link; anything that is not Telegram's own is "web", and unsafe schemes are null. */
export function readLink(address) {
  const url = parse(address);
  if (!url) return null;
  if (url.protocol === "tg:") return ownLink(url);
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  if (!HOSTS.has(url.hostname)) return { kind: "web", address: url.href };
  const [name, app] = url.pathname.split("/").filter(Boolean);
  if (!name) return { kind: "web", address: url.href };
  if (name === "share") return { kind: "share", text: [url.searchParams.get("url"), url.searchParams.get("text")].filter(Boolean).join("\n") };
  if (name.startsWith("+") || name === "joinchat") return { kind: "invite", address: url.href };
  if (app || url.searchParams.has("startapp")) {
    return { kind: "app", username: name, app: app ?? "", parameter: url.searchParams.get("startapp") ?? "" };
  }
  return botLink(name, url.searchParams);
}

function parse(address) {
  try {
    return new URL(/^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`);
  } catch {
    return null;
  }
}

function ownLink(url) {
  const query = url.searchParams;
  if (url.host === "join" || url.pathname.endsWith("join")) return { kind: "invite", address: `https://t.me/+${query.get("invite")}` };
  return query.has("domain") ? botLink(query.get("domain"), query) : null;
}

const botLink = (username, query) => ({
  kind: "bot",
  username,
  start: query.get("start"),
  startGroup: query.get("startgroup"),
  rights: query.get("admin")?.split(/[+ ]/).filter(Boolean) ?? [],
});
