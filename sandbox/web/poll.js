// Draws a poll: options to tap before the vote, shares and the own choice after it.

import { h } from "./element.js";

/** `vote(message, options)` sends the chosen options by number; none takes the vote back. */
export function pollNode(message, vote) {
  const { poll, voted } = message;
  const open = !poll.is_closed && !voted;
  const options = open ? ballot(message, vote) : h("ul", poll.options.map((option, number) => result(poll, option, voted?.includes(number))));
  const revoke = voted && !poll.is_closed && poll.allows_revoting && h("button.poll__action", { onclick: () => vote(message, []) }, "撤回投票");
  return h("div.poll", h("strong", poll.question), h("span.poll__foot", footOf(poll)), options, revoke);
}

function footOf(poll) {
  const kind = `${poll.is_anonymous ? "匿名投票" : "投票"} · ${poll.allows_multiple_answers ? "多选" : "单选"}`;
  return `${kind} · ${poll.total_voter_count} 人参与${poll.is_closed ? " · 已结束" : ""}`;
}

/** One tap votes where one answer is asked; where several may be chosen, a button below sends them. */
function ballot(message, vote) {
  const { poll } = message;
  if (!poll.allows_multiple_answers) {
    return h("ul", poll.options.map((option, number) => h("li", h("button.poll__option", { onclick: () => vote(message, [number]) }, option.text))));
  }
  const rows = poll.options.map((option) => h("li", h("label.poll__option", h("input", { type: "checkbox" }), h("span", option.text))));
  const chosen = () => rows.flatMap((row, number) => (row.querySelector("input").checked ? [number] : []));
  const send = h("button.poll__action", { disabled: true, onclick: () => vote(message, chosen()) }, "投票");
  return h("div", { onchange: () => (send.disabled = !chosen().length) }, h("ul", rows), send);
}

function result(poll, option, mine) {
  const share = poll.total_voter_count ? Math.round((option.voter_count / poll.total_voter_count) * 100) : 0;
  const bar = h("span.poll__bar", { style: { "--share": `${share}%` } });
  return h("li.poll__result", h("span", mine ? `✓ ${option.text}` : option.text), h("span.poll__share", `${share}%`), bar);
}
