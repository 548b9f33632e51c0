// What is typed on the terminal, for a question of our own after the command has ended.

import { closeSync, constants, openSync } from "node:fs";
import { readReady, writeReady } from "../descriptor/ready-io.ts";
import { Watcher } from "../descriptor/watcher.ts";
import { loadAddon } from "../native/locate.ts";
import { onDeath } from "./on-death.ts";

/** No key, nor anything that is pasted into an answer, is longer. */
const CHUNK = 4096;

/** The terminal is raw, and nothing that was typed before is left, until it is closed. */
export class TerminalInput {
  readonly #descriptor: number;
  readonly #modes: Uint8Array;
  readonly #watcher = new Watcher();
  /** Nothing is to be put back any more. */
  readonly #safe: () => void;

  private constructor(descriptor: number) {
    const native = loadAddon();
    this.#descriptor = descriptor;
    this.#modes = native.terminalModes(descriptor);
    this.#safe = onDeath(this.#restore);
    // First, so that what is typed without its end of line can be read, and dropped, as well.
    native.setTerminalModes(descriptor, native.rawModes(this.#modes));
    this.drop();
  }

  /** `undefined` where standard input and standard error are not both the terminal that we are in the foreground of. */
  static open(): TerminalInput | undefined {
    const native = loadAddon();
    if (![0, 2].every((descriptor) => native.isForeground(descriptor) === true)) return undefined;
    const { O_RDWR, O_NOCTTY, O_NONBLOCK } = constants;
    const descriptor = openSync("/dev/tty", O_RDWR | O_NOCTTY | O_NONBLOCK);
    try {
      return new TerminalInput(descriptor);
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  /** What is typed next; empty: the terminal is gone. */
  async read(): Promise<Uint8Array> {
    const chunk = Buffer.alloc(CHUNK);
    for (;;) {
      const length = readReady(this.#descriptor, chunk);
      if (length !== undefined) return chunk.subarray(0, length);
      await new Promise<void>((resolve) => this.#watcher.whenReadable(this.#descriptor, resolve));
    }
  }

  /** Leaves nothing of what was typed so far. @returns whether there was something */
  drop(): boolean {
    const dropped = Buffer.alloc(CHUNK);
    let some = false;
    while ((readReady(this.#descriptor, dropped) ?? 0) > 0) some = true;
    dropped.fill(0);
    return some;
  }

  /** Raw: lines end in CR LF. What a stopped terminal does not take is dropped. */
  write(text: string): void {
    writeReady(this.#descriptor, Buffer.from(text));
  }

  close(): void {
    this.#safe();
    this.#watcher.close();
    this.#restore();
    closeSync(this.#descriptor);
  }

  readonly #restore = (): void => loadAddon().setTerminalModes(this.#descriptor, this.#modes);
}
