// The words of the page in the member's language, as the server sent them.

let known = {};

export function learn(words, language) {
  known = words;
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
}

/** The sentence of this name with its facts filled in. */
export function say(name, facts = {}) {
  return (known[name] ?? name).replace(/\{(\w+)\}/g, (whole, fact) => facts[fact] ?? whole);
}

/** A number with its thousands apart, as the chat writes it. */
export const number = (value) => value.toLocaleString("en-US");
