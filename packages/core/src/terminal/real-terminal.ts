// The terminal that this process was started on: made raw for as long as somebody else does the work of a terminal.

import { closeSync, constants, openSync } from "node:fs";
import type { Addon, NativeSize } from "../native/addon.ts";

export type TerminalSize = NativeSize;

export class RealTerminal {
  /** A description of its own: whoever shares 0, 1 and 2 with us must not find them non-blocking. */
  readonly descriptor: number;
  /** As they were found. */
  readonly modes: Uint8Array;
  readonly #native: Addon;
  #raw = false;

  private constructor(native: Addon, descriptor: number) {
    this.#native = native;
    this.descriptor = descriptor;
    this.modes = native.terminalModes(descriptor);
  }

  /** The controlling terminal, or undefined where standard output is not it: then somebody else's output is on it. */
  static open(native: Addon): RealTerminal | undefined {
    if (native.isForeground(1) === null) return undefined;
    const { O_RDWR, O_NOCTTY, O_NONBLOCK } = constants;
    const descriptor = openSync("/dev/tty", O_RDWR | O_NOCTTY | O_NONBLOCK);
    try {
      return new RealTerminal(native, descriptor);
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  get size(): TerminalSize {
    return this.#native.terminalSize(this.descriptor);
  }

  get isForeground(): boolean {
    return this.#native.isForeground(this.descriptor) === true;
  }

  /** Hung up, and so nobody's terminal any more: all that can be read is its end. */
  get isGone(): boolean {
    return this.#native.isForeground(this.descriptor) === null;
  }

  /** Nothing while another job is in the foreground: the modes are that job's. */
  makeRaw(): void {
    if (!this.isForeground) return;
    this.#native.setTerminalModes(this.descriptor, this.#native.rawModes(this.modes));
    this.#raw = true;
  }

  restore(): void {
    if (!this.#raw) return;
    this.#raw = false;
    if (this.isForeground) this.#native.setTerminalModes(this.descriptor, this.modes);
  }

  close(): void {
    this.restore();
    closeSync(this.descriptor);
  }
}
