// A model of an alternate screen, for when it has to be drawn again: @xterm/headless, loaded when the first one is needed.

import type { Terminal } from "@xterm/headless";
import { cursorOf, paintScreen } from "./paint.ts";
import type { Cursor } from "./set-aside.ts";

export type Size = Readonly<{ rows: number; columns: number }>;

/** What happened on the screen, in order. */
export type ScreenEvent = Uint8Array | Size;

/**
 * What is done as often as a program says (ECMA-48: IL, DL, SU, SD, REP, CHT, CBT). More than the screen has room for is
 * passed over: each would be done, and the supervisor has other things to do.
 */
const COUNTED: Readonly<Record<string, (terminal: Terminal) => number>> = {
  L: ({ rows }) => rows,
  M: ({ rows }) => rows,
  S: ({ rows }) => rows,
  T: ({ rows }) => rows,
  b: ({ rows, cols }) => rows * cols,
  I: ({ cols }) => cols,
  Z: ({ cols }) => cols,
};

export class ScreenModel {
  readonly #terminal: Terminal;

  static async make({ rows, columns }: Size): Promise<ScreenModel> {
    const loaded = await import("@xterm/headless");
    // Where the module is taken as CommonJS, which Node does, all of it is the default export.
    const { Terminal } =
      "Terminal" in loaded ? loaded : (loaded as { default: typeof import("@xterm/headless") }).default;
    return new ScreenModel(
      new Terminal({
        rows: Math.max(1, rows),
        cols: Math.max(1, columns),
        scrollback: 0,
        allowProposedApi: true,
      }),
    );
  }

  private constructor(terminal: Terminal) {
    this.#terminal = terminal;
    for (const [final, most] of Object.entries(COUNTED))
      terminal.parser.registerCsiHandler({ final }, ([count]) => Number(count) > most(terminal));
  }

  /** Resolves when the model shows it. */
  async follow(events: readonly ScreenEvent[]): Promise<void> {
    for (const event of events) {
      if (event instanceof Uint8Array)
        await new Promise<void>((resolve) => this.#terminal.write(event, resolve));
      else this.#terminal.resize(Math.max(1, event.columns), Math.max(1, event.rows));
    }
  }

  get cursor(): Cursor {
    return cursorOf(this.#screen());
  }

  /** The sequences that draw it on a cleared screen, with autowrap off. */
  paint(): string {
    return paintScreen(this.#screen());
  }

  close(): void {
    this.#terminal.dispose();
  }

  #screen() {
    const { buffer, rows, cols } = this.#terminal;
    return { buffer: buffer.active, rows, columns: cols };
  }
}
