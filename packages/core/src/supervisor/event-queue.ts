// Events for whoever iterates: what is not fetched waits, up to a limit, after which the oldest are dropped and counted.
// Where they come from keeps no program alive, so whoever waits for the next one does: the last may come when all else is over.

/** Milliseconds; nothing is done when they are over. */
const LONG = 2 ** 30;

export class EventQueue<Event> implements AsyncIterable<Event> {
  readonly #waiting: Event[] = [];
  readonly #limit: number;
  #readers: ((result: IteratorResult<Event>) => void)[] = [];
  #closed = false;
  #held: NodeJS.Timeout | undefined;
  /** How many were dropped. */
  dropped = 0;

  constructor(limit = 65_536) {
    this.#limit = limit;
  }

  push(event: Event): void {
    const reader = this.#readers.shift();
    if (this.#readers.length === 0) this.#letGo();
    if (reader !== undefined) reader({ done: false, value: event });
    else if (!this.#closed && this.#waiting.push(event) > this.#limit) {
      this.#waiting.shift();
      this.dropped += 1;
    }
  }

  /** No more events: iterations end when they have fetched what waits. */
  close(): void {
    this.#closed = true;
    for (const reader of this.#readers) reader({ done: true, value: undefined });
    this.#readers = [];
    this.#letGo();
  }

  #letGo(): void {
    clearInterval(this.#held);
    this.#held = undefined;
  }

  [Symbol.asyncIterator](): AsyncIterator<Event> {
    return {
      next: () => {
        const event = this.#waiting.shift();
        if (event !== undefined) return Promise.resolve({ done: false, value: event });
        if (this.#closed) return Promise.resolve({ done: true, value: undefined });
        this.#held ??= setInterval(() => undefined, LONG);
        return new Promise((resolve) => this.#readers.push(resolve));
      },
    };
  }
}
