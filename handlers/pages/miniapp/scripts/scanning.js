// The client's own scanner, where it has one: it reads one code and is closed.

import { isInClient, on, post } from "./telegram.js";
import { say } from "./words.js";

/** Only the clients on phones have a scanner; in a frame there is none. */
export const canScan = isInClient;

export function scan(act) {
  on("qr_text_received", ({ data }) => {
    post("web_app_close_scan_qr_popup");
    act(String(data ?? "").trim());
  });
  post("web_app_open_scan_qr_popup", { text: say("scan_hint") });
}
