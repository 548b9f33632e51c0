// Readiness of descriptors, the same in every runtime: their own streams differ in what they do to a terminal.

import type { NativeWatch } from "../native/addon.ts";
import { loadAddon } from "../native/locate.ts";

type Wanted = { readable?: (() => void) | undefined; writable?: (() => void) | undefined };

/** Keeps the program alive until it is closed. */
export class Watcher {
  readonly #wanted = new Map<number, Wanted>();
  readonly #watch: NativeWatch;

  constructor() {
    this.#watch = loadAddon().watch((descriptor, readable, writable) => {
      this.#tell(descriptor, readable, writable);
    });
  }

  /** Calls back once: there is something to read, or the other end is gone. */
  whenReadable(descriptor: number, then: () => void): void {
    this.#want(descriptor, { ...this.#wanted.get(descriptor), readable: then });
  }

  /** Calls back once: something can be written, or the other end is gone. */
  whenWritable(descriptor: number, then: () => void): void {
    this.#want(descriptor, { ...this.#wanted.get(descriptor), writable: then });
  }

  /** To be called before the descriptor is closed. */
  forget(descriptor: number): void {
    if (this.#wanted.delete(descriptor)) this.#watch.await(descriptor, false, false);
  }

  close(): void {
    this.#wanted.clear();
    this.#watch.close();
  }

  #want(descriptor: number, wanted: Wanted): void {
    this.#wanted.set(descriptor, wanted);
    this.#watch.await(descriptor, wanted.readable !== undefined, wanted.writable !== undefined);
  }

  #tell(descriptor: number, readable: boolean, writable: boolean): void {
    const wanted = this.#wanted.get(descriptor);
    if (wanted === undefined) return;
    const left: Wanted = {
      readable: readable ? undefined : wanted.readable,
      writable: writable ? undefined : wanted.writable,
    };
    // What is still wanted was asked for together with what has come, and has to be asked for again.
    if (left.readable !== undefined || left.writable !== undefined) this.#want(descriptor, left);
    else this.#wanted.set(descriptor, left);
    if (readable) wanted.readable?.();
    if (writable) wanted.writable?.();
  }
}
