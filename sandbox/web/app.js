// Opens the page: reads the world, lays the phones on the desk, and passes every event on.

import { Desk } from "./desk.js";
import { stream } from "./events.js";
import { readLayout } from "./layout.js";
import { world } from "./world.js";

const RETRY_MS = 1000;
const SHARED = new Set(["member", "chat", "clock", "person", "bot"]);

async function worldThere() {
  for (;;) {
    try {
      return await world.refresh();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

await worldThere();
const desk = new Desk(document.getElementById("desk"), readLayout());

stream.addEventListener("happened", ({ detail }) => {
  if (SHARED.has(detail.type)) world.refresh().catch(() => undefined);
  desk.happened(detail);
});
stream.addEventListener("broken", () => desk.connected(false));
stream.addEventListener("recovered", () => {
  desk.connected(true);
  desk.recovered();
});
stream.seq = world.seq;
stream.open();
