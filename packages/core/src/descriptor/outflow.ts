// Bytes on their way into a descriptor that takes what it can.

import { writeReady } from "./ready-io.ts";
import type { Watcher } from "./watcher.ts";

export class Outflow {
  readonly #descriptor: number;
  readonly #watcher: Watcher;
  #waiting: Buffer[] = [];
  #length = 0;
  #armed = false;
  #whenEmpty: (() => void)[] = [];
  /** The other end is gone: everything is dropped. */
  broken = false;

  constructor(descriptor: number, watcher: Watcher) {
    this.#descriptor = descriptor;
    this.#watcher = watcher;
  }

  /** Bytes that were not taken yet. */
  get length(): number {
    return this.#length;
  }

  /** `bytes` may be used again afterwards. */
  push(bytes: Uint8Array): void {
    if (this.broken || bytes.length === 0) return;
    const taken = this.#length === 0 ? this.#write(bytes) : 0;
    if (this.broken || taken === bytes.length) return;
    this.#waiting.push(Buffer.from(bytes.subarray(taken)));
    this.#length += bytes.length - taken;
    this.#arm();
  }

  /** Calls back when everything is taken, or dropped. */
  whenEmpty(then: () => void): void {
    if (this.#length === 0) then();
    else this.#whenEmpty.push(then);
  }

  /** Drops what waits. */
  clear(): void {
    this.#waiting = [];
    this.#length = 0;
    const callbacks = this.#whenEmpty;
    this.#whenEmpty = [];
    for (const then of callbacks) then();
  }

  #arm(): void {
    if (this.#armed) return;
    this.#armed = true;
    this.#watcher.whenWritable(this.#descriptor, () => {
      this.#armed = false;
      this.#flush();
    });
  }

  #flush(): void {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const taken = this.#write(first);
      if (this.broken) return;
      this.#length -= taken;
      if (taken < first.length) {
        this.#waiting[0] = first.subarray(taken);
        this.#arm();
        return;
      }
      this.#waiting.shift();
    }
    this.clear();
  }

  #write(bytes: Uint8Array): number {
    const taken = writeReady(this.#descriptor, bytes);
    if (taken !== undefined) return taken;
    this.broken = true;
    this.clear();
    return bytes.length;
  }
}
