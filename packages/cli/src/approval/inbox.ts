// Messages for one reader, in order.

export class Inbox<Message> {
  readonly #waiting: Message[] = [];
  #reader: ((message: Message) => void) | undefined;

  put(message: Message): void {
    const reader = this.#reader;
    this.#reader = undefined;
    if (reader === undefined) this.#waiting.push(message);
    else reader(message);
  }

  /** As if it had not been taken. */
  putBack(message: Message): void {
    this.#waiting.unshift(message);
  }

  take(): Promise<Message> {
    const message = this.#waiting.shift();
    if (message !== undefined) return Promise.resolve(message);
    return new Promise((resolve) => {
      this.#reader = resolve;
    });
  }
}
