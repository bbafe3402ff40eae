import type { Failure } from '../shared/api';
import { failureOf } from './parts/loaded';

export const UNDO_MS = 10_000;

/** An act that waits to be taken back before it is done: a ticket that is over cannot be opened again. */
export interface Waiting {
  text: string;
  /** @param leaving the page is being closed: the call must outlive it */
  act: (leaving: boolean) => Promise<void>;
}

/** At most one act waits; the next one sends it off. What failed stays to be read, and may be tried again. */
export class Undo extends EventTarget {
  waiting: Waiting | null = null;
  failed: { waiting: Waiting; failure: Failure } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  put(waiting: Waiting): void {
    void this.send();
    this.failed = null;
    this.waiting = waiting;
    this.#timer = setTimeout(() => void this.send(), UNDO_MS);
    this.#changed();
  }

  takeBack(): void {
    clearTimeout(this.#timer);
    this.waiting = null;
    this.#changed();
  }

  async send(leaving = false): Promise<void> {
    const { waiting } = this;
    if (waiting === null) {
      return;
    }
    this.takeBack();
    try {
      await waiting.act(leaving);
    } catch (e) {
      this.failed = { waiting, failure: failureOf(e) };
      this.#changed();
    }
  }

  again(): void {
    const failed = this.failed;
    if (failed !== null) {
      this.failed = null;
      this.waiting = failed.waiting;
      void this.send();
    }
  }

  dismiss(): void {
    this.failed = null;
    this.#changed();
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}

export const undo = new Undo();
