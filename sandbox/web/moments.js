// Writes moments the way WeChat does, in the bank's zone: 14:05, 昨天 14:05, 星期三 14:05, 2026年5月1日 14:05.

const ZONE = "Asia/Shanghai";
const DAY_MS = 86_400_000;
const format = (options) => new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, ...options });
const TIME = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const SECONDS = format({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const WEEKDAY = format({ weekday: "long" });
const LONG_DATE = format({ year: "numeric", month: "long", day: "numeric" });
const SHORT_DATE = format({ year: "numeric", month: "numeric", day: "numeric" });
const DAY = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE });

const daysBetween = (moment, now) =>
  Math.round((Date.parse(DAY.format(now)) - Date.parse(DAY.format(moment))) / DAY_MS);

function day(moment, now, older) {
  const days = daysBetween(moment, now);
  if (days === 0) return "";
  if (days === 1) return "昨天";
  if (days > 1 && days < 7) return WEEKDAY.format(moment);
  return older.format(moment);
}

/** The grey line between bubbles. */
export const separatorTime = (moment, now) => `${day(moment, now, LONG_DATE)} ${TIME.format(moment)}`.trim();

/** The small time at the right of a chat in the list. */
export const listTime = (moment, now) => day(moment, now, SHORT_DATE) || TIME.format(moment);

export const clockTime = (moment) => TIME.format(moment);
export const preciseTime = (moment) => SECONDS.format(moment);
export const dateAndWeekday = (moment) => `${DAY.format(moment)} ${WEEKDAY.format(moment)}`;

/** A message's moment as a Date (`date` is in seconds since 1970). */
export const sentAt = (message) => new Date(message.date * 1000);
