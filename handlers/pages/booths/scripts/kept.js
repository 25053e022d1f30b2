// What the device keeps: its key, unused slips, what waits to be sent, and conflicts; written before it is shown.

const PREFIX = "booth.";

function load(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function keep(name, value) {
  localStorage.setItem(PREFIX + name, JSON.stringify(value));
}

export const kept = {
  get key() { return load("key", ""); },
  set key(value) { keep("key", value); },
  get language() { return load("language", "zh"); },
  set language(value) { keep("language", value); },
  /** Milliseconds by which the server's clock is ahead of this device's. */
  get offset() { return load("offset", 0); },
  set offset(value) { keep("offset", value); },
  get screen() { return load("screen", null); },
  set screen(value) { keep("screen", value); },
  get slips() { return load("slips", []); },
  get waiting() { return load("waiting", []); },
  get conflicts() { return load("conflicts", []); },
};

/** Slips as the server gave them; those that wait to be sent or are in doubt are used already. */
export function stock(slips) {
  const used = new Set([...kept.waiting, ...kept.conflicts].map((each) => each.code));
  keep("slips", slips.filter((code) => !used.has(code)));
}

/** Bind the next slip to a visitor's number; false where there is none left. */
export function useSlip(said, at) {
  const [code, ...rest] = kept.slips;
  if (!code) return false;
  keep("waiting", [...kept.waiting, { code, said, at }]);
  keep("slips", rest);
  return true;
}

/** What the server said of slips that were sent: fine ones are done with, the others are kept for a person. */
export function settle(results) {
  const told = new Map(results.map((each) => [each.code, each]));
  const sent = kept.waiting.filter((each) => told.has(each.code));
  const doubtful = sent.filter((each) => !told.get(each.code).is_fine).map((each) => ({ ...each, ...told.get(each.code) }));
  const known = kept.conflicts.filter((each) => !told.has(each.code));
  keep("conflicts", [...known, ...doubtful]);
  keep("waiting", kept.waiting.filter((each) => !told.has(each.code)));
}

/** Another number for a slip that nobody has; it waits again. */
export function correct(code, said) {
  const found = kept.conflicts.find((each) => each.code === code);
  dismiss(code);
  keep("waiting", [...kept.waiting, { code, said, at: found.at }]);
}

export function dismiss(code) {
  keep("conflicts", kept.conflicts.filter((each) => each.code !== code));
}

/** The device shows another booth from now on: slips and conflicts of the one before are nothing to it. */
export function move(key) {
  keep("key", key);
  keep("slips", []);
  keep("conflicts", []);
}

export function forget() {
  keep("key", "");
  keep("slips", []);
}
