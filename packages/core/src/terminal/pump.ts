// Moves bytes between the real terminal and the command's own, and can hold them back, so that something else may be
// drawn meanwhile. Mechanism only: it does not look at what it moves.

import { Outflow } from "../descriptor/outflow.ts";
import { readReady } from "../descriptor/ready-io.ts";
import type { Watcher } from "../descriptor/watcher.ts";

export type PumpOptions = Readonly<{
  watcher: Watcher;
  /** The real terminal; never blocks. */
  terminal: number;
  /** Of the command's terminal; never blocks. */
  master: number;
  /** Whether the real terminal may be read: another job's input is not ours. */
  mayRead: () => boolean;
  /** Output of the command, before it is written. It is used again after the call. No more comes while it is busy. */
  onOutput: (bytes: Uint8Array) => Promise<void> | undefined;
  /** Nothing will be typed any more. */
  onHangUp: () => void;
}>;

/** A read gives one line discipline's buffer at most, 4 KiB; so many at a time before others get their turn. */
const READS = 16;
const CHUNK = 1 << 16;
/** Output that is held back in memory, in bytes; then the command's terminal fills up, and its writes wait. */
const HELD_MAX = 1 << 20;
/** What is typed waits in the real terminal when the command has not taken this much. */
const TYPED_MAX = 1 << 16;

export class Pump {
  readonly #options: PumpOptions;
  readonly #buffer = Buffer.alloc(CHUNK);
  readonly #toTerminal: Outflow;
  readonly #toCommand: Outflow;
  #held: Buffer[] | undefined;
  #heldLength = 0;
  #onInput: ((bytes: Uint8Array) => void) | undefined;
  #readingMaster = false;
  #readingTerminal = false;
  #busy = false;
  #masterEnded = false;
  #hungUp = false;
  #whenEnded: (() => void)[] = [];

  constructor(options: PumpOptions) {
    this.#options = options;
    this.#toTerminal = new Outflow(options.terminal, options.watcher);
    this.#toCommand = new Outflow(options.master, options.watcher);
  }

  /** From now on, and again after something that kept it from reading has changed. */
  run(): void {
    this.#awaitMaster();
    this.#awaitTerminal();
  }

  /** Calls back when the command's terminal is closed by everybody and all of it is written. */
  whenEnded(then: () => void): void {
    this.#whenEnded.push(then);
    this.#checkEnd();
  }

  /**
   * Holds the command's output back from here on, and gives what is typed to `onInput`.
   *
   * @param then called when all output before is written
   */
  hold(onInput: (bytes: Uint8Array) => void, then: () => void): void {
    this.#held = [];
    this.#heldLength = 0;
    this.#onInput = onInput;
    this.run();
    this.#toTerminal.whenEmpty(then);
  }

  /** To the terminal, while output is held back. */
  write(bytes: Uint8Array): void {
    this.#toTerminal.push(bytes);
  }

  /** To the command, as if it had been typed. */
  type(bytes: Uint8Array): void {
    this.#toCommand.push(bytes);
  }

  /** What was held back follows, and what is typed is the command's again. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    this.#onInput = undefined;
    for (const bytes of held) this.#pass(bytes);
    this.run();
    this.#checkEnd();
  }

  /** Everything that the command has written so far, at once. */
  drain(): void {
    while (this.#room() && this.#readMaster());
  }

  /** Before the descriptors are closed: nothing is moved any more. */
  stop(): void {
    this.#options.watcher.forget(this.#options.master);
    this.#options.watcher.forget(this.#options.terminal);
    this.#hungUp = true;
    this.#masterEnded = true;
    this.#toTerminal.clear();
    this.#checkEnd();
  }

  #room(): boolean {
    if (this.#held !== undefined) return this.#heldLength < HELD_MAX;
    return this.#toTerminal.length === 0 && !this.#busy;
  }

  #awaitMaster(): void {
    if (this.#readingMaster || this.#masterEnded) return;
    if (!this.#room()) {
      if (this.#held === undefined && !this.#busy) this.#toTerminal.whenEmpty(() => this.#awaitMaster());
      return;
    }
    this.#readingMaster = true;
    this.#options.watcher.whenReadable(this.#options.master, () => {
      this.#readingMaster = false;
      for (let reads = 0; reads < READS && this.#room() && this.#readMaster(); reads++);
      this.#awaitMaster();
    });
  }

  /** @returns whether there may be more at once */
  #readMaster(): boolean {
    const length = readReady(this.#options.master, this.#buffer);
    if (length === undefined) return false;
    if (length === 0) {
      this.#masterEnded = true;
      this.#checkEnd();
      return false;
    }
    const bytes = this.#buffer.subarray(0, length);
    if (this.#held === undefined) this.#pass(bytes);
    else {
      this.#held.push(Buffer.from(bytes));
      this.#heldLength += length;
    }
    return true;
  }

  #pass(bytes: Uint8Array): void {
    const busy = this.#options.onOutput(bytes);
    this.#toTerminal.push(bytes);
    if (busy === undefined) return;
    this.#busy = true;
    const goOn = () => {
      this.#busy = false;
      this.#awaitMaster();
    };
    busy.then(goOn, goOn);
  }

  #awaitTerminal(): void {
    if (this.#readingTerminal || this.#hungUp || !this.#options.mayRead()) return;
    if (this.#toCommand.length >= TYPED_MAX) {
      this.#toCommand.whenEmpty(() => this.#awaitTerminal());
      return;
    }
    this.#readingTerminal = true;
    this.#options.watcher.whenReadable(this.#options.terminal, () => {
      this.#readingTerminal = false;
      this.#readTerminal();
      this.#awaitTerminal();
    });
  }

  #readTerminal(): void {
    if (!this.#options.mayRead()) return;
    const length = readReady(this.#options.terminal, this.#buffer);
    if (length === undefined) return;
    if (length === 0) {
      this.#hungUp = true;
      this.#options.onHangUp();
      return;
    }
    const bytes = this.#buffer.subarray(0, length);
    if (this.#onInput === undefined) this.#toCommand.push(bytes);
    else this.#onInput(bytes);
  }

  #checkEnd(): void {
    if (!this.#masterEnded || this.#held !== undefined) return;
    const callbacks = this.#whenEnded;
    this.#whenEnded = [];
    for (const then of callbacks) this.#toTerminal.whenEmpty(then);
  }
}
