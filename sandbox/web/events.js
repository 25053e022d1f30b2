// Keeps one stream of server-sent events open and hands each event to the phones; after a break it asks them to read anew.

import { world } from "./world.js";

const RETRY_MS = 1000;

export class EventStream extends EventTarget {
  constructor() {
    super();
    this.seq = 0;
    this.broken = false;
  }

  open() {
    const source = new EventSource(`/api/events?after=${this.seq}`);
    source.onopen = () => this.recovered();
    source.onmessage = (event) => this.receive(event);
    source.onerror = () => {
      source.close();
      this.broken = true;
      this.dispatchEvent(new Event("broken"));
      setTimeout(() => this.reopen(), RETRY_MS);
    };
  }

  /** A restarted sandbox may count anew, so the number to go on from is asked for first. */
  async reopen() {
    try {
      await world.refresh();
      this.seq = world.seq;
      this.open();
    } catch {
      setTimeout(() => this.reopen(), RETRY_MS);
    }
  }

  recovered() {
    if (!this.broken) return;
    this.broken = false;
    this.dispatchEvent(new Event("recovered"));
  }

  receive(event) {
    const detail = JSON.parse(event.data);
    this.seq = detail.seq ?? this.seq;
    this.dispatchEvent(new CustomEvent("happened", { detail }));
  }
}

export const stream = new EventStream();
