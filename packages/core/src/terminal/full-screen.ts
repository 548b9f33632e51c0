// The whole terminal for a screen of our own, after the command has ended or without one. What was on it before comes
// back, whatever ends this process but SIGKILL.

import { closeSync, constants, openSync, writeSync } from "node:fs";
import { Outflow } from "../descriptor/outflow.ts";
import { readReady } from "../descriptor/ready-io.ts";
import { Watcher } from "../descriptor/watcher.ts";
import { loadAddon } from "../native/locate.ts";
import { onDeath } from "./on-death.ts";
import type { TerminalSize } from "./real-terminal.ts";

/** No key, nor anything that is pasted at once, is longer; what is comes in parts. */
const CHUNK = 4096;

const ESC = "\u001b";
/** The mouse may still be reported to a program that left without a word. */
const NO_MOUSE = `${ESC}[?1000l${ESC}[?1002l${ESC}[?1003l`;
/** Another screen, no cursor, no line that goes on in the next row, and what is pasted told from what is typed. */
const ENTER = `${ESC}[?1049h${ESC}[?25l${ESC}[?7l${ESC}[?2004h${NO_MOUSE}`;
const LEAVE = `${ESC}[0m${ESC}[?2004l${ESC}[?7h${ESC}[?25h${ESC}[?1049l`;

/** `changed`: the size, or somebody else was on the terminal: everything is to be drawn again. */
export type ScreenEvent = Readonly<{ kind: "typed"; bytes: Uint8Array } | { kind: "changed" | "gone" }>;

export class FullScreen {
  readonly #native = loadAddon();
  readonly #descriptor: number;
  readonly #modes: Uint8Array;
  readonly #watcher = new Watcher();
  readonly #outflow: Outflow;
  /** Nothing is to be put back any more. */
  readonly #safe: () => void;
  #isShown = false;
  #isChanged = false;
  #isReading = false;
  #wake: (() => void) | undefined;

  private constructor(descriptor: number) {
    this.#descriptor = descriptor;
    this.#modes = this.#native.terminalModes(descriptor);
    this.#outflow = new Outflow(descriptor, this.#watcher);
    this.#safe = onDeath(this.#leave);
    process.on("SIGWINCH", this.#change);
    process.on("SIGCONT", this.#continue);
    this.#enter();
    this.drop();
  }

  /** Whether standard input, output and error are all the terminal that we are in the foreground of. */
  static canOpen(): boolean {
    const native = loadAddon();
    return [0, 1, 2].every((descriptor) => native.isForeground(descriptor) === true);
  }

  /** `undefined` where it cannot be opened. */
  static open(): FullScreen | undefined {
    if (!FullScreen.canOpen()) return undefined;
    const { O_RDWR, O_NOCTTY, O_NONBLOCK } = constants;
    const descriptor = openSync("/dev/tty", O_RDWR | O_NOCTTY | O_NONBLOCK);
    try {
      return new FullScreen(descriptor);
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  get size(): TerminalSize {
    return this.#native.terminalSize(this.#descriptor);
  }

  /** From the first row on; the rows behind are empty. @param lines may hold styles, and nothing else that moves */
  draw(lines: readonly string[]): void {
    if (!this.#isShown) return;
    const rows = lines.map((line, row) => `${ESC}[${row + 1};1H${ESC}[0m${ESC}[2K${line}`);
    // Without a row behind the last one, this would be the last one.
    const rest = lines.length < this.size.rows ? `${ESC}[${lines.length + 1};1H${ESC}[J` : "";
    this.#outflow.push(Buffer.from(`${rows.join("")}${ESC}[0m${rest}`));
  }

  /** What happens next. */
  async next(): Promise<ScreenEvent> {
    const chunk = Buffer.alloc(CHUNK);
    for (;;) {
      if (this.#isChanged) {
        this.#isChanged = false;
        return { kind: "changed" };
      }
      const length = this.#isShown ? readReady(this.#descriptor, chunk) : undefined;
      if (length !== undefined)
        return length === 0 ? { kind: "gone" } : { kind: "typed", bytes: chunk.subarray(0, length) };
      await this.#wakened();
    }
  }

  /** What was typed and not read yet. */
  drop(): void {
    const dropped = Buffer.alloc(CHUNK);
    while ((readReady(this.#descriptor, dropped) ?? 0) > 0);
  }

  /** As if ^Z had been typed on an ordinary terminal. */
  suspend(): void {
    this.#leave();
    process.kill(0, "SIGTSTP");
    this.#continue();
  }

  close(): void {
    this.#leave();
    this.#safe();
    process.off("SIGWINCH", this.#change);
    process.off("SIGCONT", this.#continue);
    this.#watcher.close();
    closeSync(this.#descriptor);
  }

  #wakened(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      // In the background what is typed is another job's.
      if (this.#isReading || !this.#isShown) return;
      this.#isReading = true;
      this.#watcher.whenReadable(this.#descriptor, () => {
        this.#isReading = false;
        this.#wake?.();
      });
    });
  }

  #enter(): void {
    // The modes are those of the job in the foreground.
    if (this.#isShown || this.#native.isForeground(this.#descriptor) !== true) return;
    this.#native.setTerminalModes(this.#descriptor, this.#native.rawModes(this.#modes));
    this.#isShown = true;
    this.#outflow.push(Buffer.from(ENTER));
  }

  /** At once: there may be no later. */
  readonly #leave = (): void => {
    if (!this.#isShown) return;
    this.#isShown = false;
    this.#outflow.clear();
    try {
      writeSync(this.#descriptor, LEAVE);
      this.#native.setTerminalModes(this.#descriptor, this.#modes);
    } catch {
      // It is gone.
    }
  };

  readonly #change = (): void => {
    this.#isChanged = true;
    this.#wake?.();
  };

  /** Continued in the background it stops again, as whatever else reads a terminal there: `fg` would not tell it. */
  readonly #continue = (): void => {
    this.#enter();
    if (this.#isShown) this.#change();
    else process.kill(0, "SIGTTIN");
  };
}
