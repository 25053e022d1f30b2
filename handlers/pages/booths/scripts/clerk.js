// The clerk's side: a visitor's code while there is network, a visitor's number and a slip while there is none.

import { ask } from "./api.js";
import { h } from "./element.js";
import { correct, dismiss, kept, useSlip } from "./kept.js";
import { heard } from "./numbers.js";
import { canScan, scan } from "./scanning.js";

const ANSWER_LIVES = 30_000;
const MEMBER_CODE = /(?:^|start=)v_([2-9A-Z]{6})$/;

/** The panel; `changed` is called after everything that changes what is kept. */
export function clerkPanel({ say, isOnline, serverNow, changed }) {
  const told = h("p.told", { role: "status" });
  let fading = 0;
  /** An answer belongs to one visitor and goes before the next one comes. */
  const answer = (text, isGood) => {
    clearTimeout(fading);
    told.textContent = text;
    told.className = `told ${isGood ? "good" : "bad"}`;
    if (text) fading = setTimeout(answer, ANSWER_LIVES, "", true);
  };
  const give = async (code) => {
    const { message, is_given: isGiven } = await ask("POST", "/stamps", { code, language: kept.language });
    answer(message, isGiven);
    return isGiven;
  };
  const fail = (refused) => answer(refused.message || say(refused.code === "offline" ? "use_number" : "server"), false);
  const forms = [
    form(say("member"), say("give"), { inputmode: "text", autocapitalize: "characters" }, give),
    form(say("visitor"), say("give"), { inputmode: "numeric" }, async (typed) => {
      const said = heard(typed);
      if (!said) return answer(say("wrong_number"), false);
      if (!useSlip(said, Math.round(serverNow()))) return answer(say("no_slips"), false);
      answer(say("kept"), true);
      return true;
    }),
  ];

  function form(label, verb, attributes, send) {
    const input = h("input", { autocomplete: "off", maxlength: "120", ...attributes });
    const button = h("button.give", { type: "submit" }, verb);
    const submit = async (event) => {
      event.preventDefault();
      if (!input.value.trim() || button.disabled) return;
      button.disabled = true;
      try {
        if (await send(input.value.trim())) input.value = "";
        changed();
      } catch (refused) {
        fail(refused);
      } finally {
        button.disabled = false;
        input.focus();
      }
    };
    return h("form", { onsubmit: submit }, h("label", h("span", label), input), button);
  }

  /** The camera stays on for one visitor after another; a code that was not understood says so. */
  async function look(camera) {
    const video = h("video.camera", { muted: "", playsinline: "", "aria-label": say("camera") });
    const close = h("button", { type: "button", onclick: () => camera.replaceChildren(opener(camera)) }, say("camera_off"));
    camera.replaceChildren(video, close);
    try {
      await scan(video, async (text) => {
        const code = MEMBER_CODE.exec(text)?.[1];
        if (!code) return answer(say("no_member_code"), false);
        return give(code).then(changed, fail);
      });
    } catch {
      camera.replaceChildren(opener(camera));
      answer(say("no_camera"), false);
    }
  }

  const opener = (camera) => h("button.scan_open", { type: "button", onclick: () => look(camera) }, say("camera"));
  const camera = h("div.cameras");
  canScan().then((can) => can && camera.append(opener(camera)));
  const panel = h("div.panel", camera, told, ...forms, conflictList({ say, changed }));
  /** Everything that waited has reached the server. */
  panel.sent = () => told.textContent === say("kept") && answer(say("sent"), true);
  forms[isOnline() ? 0 : 1].dataset.first = "";
  return panel;
}

/** What the server could not count: a number to correct, or a word that it was seen. */
export function conflictList({ say, changed }) {
  const rows = kept.conflicts.map((each) => {
    const input = h("input", { value: each.said, inputmode: "numeric", "aria-label": say("visitor") });
    const again = () => {
      const said = heard(input.value);
      if (!said) return input.setAttribute("aria-invalid", "true");
      correct(each.code, said);
      changed();
    };
    const seen = () => { dismiss(each.code); changed(); };
    const isTypo = each.outcome === "unknown_visitor";
    return h(
      "li",
      h("p", `#${each.serial} · ${each.said} · ${say(`slip_${each.outcome}`)}`),
      isTypo && h("div.row", input, h("button", { onclick: again }, say("correct"))),
      h("button", { onclick: seen }, say("dismiss")),
    );
  });
  return h("ul.conflicts", ...rows);
}
