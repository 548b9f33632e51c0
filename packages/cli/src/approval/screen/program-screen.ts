// The screen of a program, followed from its output, so that it can be set aside and given back as it was.

import { changedModes, INITIAL_MODES, type ProgramModes } from "./program-modes.ts";
import { type ScreenEvent, ScreenModel, type Size } from "./screen-model.ts";
import { SequenceScanner } from "./sequence-scanner.ts";
import { type Cursor, giveBackTerminal, type Position, takeBackColours, takeTerminal } from "./set-aside.ts";

/** Output of an alternate screen that is kept before the model has to take it, in bytes. */
const KEPT_MAX = 1 << 20;

/** Where the cursor is, when the terminal was asked because `needsPosition`, and has answered. */
export type AsideOptions = Readonly<{ position: Position | undefined }>;

export class ProgramScreen {
  readonly #scanner = new SequenceScanner();
  readonly #keptMax: number;
  #modes: ProgramModes = INITIAL_MODES;
  #size: Size;
  /** When the alternate screen was shown. */
  #firstSize: Size;
  /** What the alternate screen shown has got, as far as the model has not taken it. */
  #kept: ScreenEvent[] = [];
  #keptLength = 0;
  #model: Promise<ScreenModel> | undefined;

  constructor(size: Size, { keptMax = KEPT_MAX } = {}) {
    this.#size = size;
    this.#firstSize = size;
    this.#keptMax = keptMax;
  }

  /**
   * To be called with all output, in order.
   *
   * @returns when there is too much of it for the model: a promise, until which no more should come
   */
  output(bytes: Uint8Array): Promise<void> | undefined {
    let keptTo = 0;
    this.#scanner.scan(bytes, (sequence, end) => {
      const before = this.#modes;
      const after = changedModes(before, sequence);
      if (after === before) return;
      this.#modes = after;
      if (after.alternate === before.alternate) return;
      // The alternate screen is empty when it is shown: what it had got before is of no more interest.
      this.#forget();
      if (after.alternate) this.#enterAlternate();
      keptTo = end;
    });
    if (this.#modes.alternate) this.#keep(Buffer.from(bytes.subarray(keptTo)));
    return this.#keptLength > this.#keptMax ? this.#follow().then(() => undefined) : undefined;
  }

  resized(size: Size): void {
    this.#size = size;
    if (this.#modes.alternate) this.#kept.push(size);
  }

  /**
   * The terminal should be asked where the cursor is before the screen is set aside: only then is kept what the program has
   * saved with DECSC, which the terminal would replace when it saves the cursor for us.
   */
  get needsPosition(): boolean {
    return !this.#modes.alternate && this.#modes.saved !== undefined;
  }

  /** The sequences that take the terminal, which is then empty and as the question needs it. */
  setAside({ position }: AsideOptions): string {
    return takeTerminal(this.#modes, {
      open: this.#isOpen,
      keepsSaved: this.needsPosition && position !== undefined,
    });
  }

  /** The sequences that give the terminal back. Resolves when the model has followed everything. */
  async giveBack({ position }: AsideOptions): Promise<Uint8Array> {
    const keepsSaved = this.needsPosition && position !== undefined;
    const screen = this.#modes.alternate ? await this.#alternate() : { drawn: "", cursor: position };
    const given = screen.drawn + giveBackTerminal(this.#modes, { cursor: screen.cursor, keepsSaved });
    // A sequence that was cut off is said again up to where it was.
    return Buffer.concat([Buffer.from(given), this.#scanner.open ?? Buffer.alloc(0)]);
  }

  /** The sequences after which the terminal has its own colours again, when the program has ended. */
  takeBackColours(): string {
    return takeBackColours(this.#modes, this.#isOpen);
  }

  get #isOpen(): boolean {
    const open = this.#scanner.open;
    return open === undefined || open.length > 0;
  }

  close(): void {
    this.#forget();
  }

  async #alternate(): Promise<Readonly<{ drawn: string; cursor: Cursor }>> {
    const model = await this.#follow();
    return { drawn: `\u001b[0m\u001b[2J${model.paint()}`, cursor: model.cursor };
  }

  /** The model starts where the program was. */
  #enterAlternate(): void {
    const set = giveBackTerminal(this.#modes, { cursor: undefined, keepsSaved: false });
    this.#firstSize = this.#size;
    this.#keep(Buffer.from(`\u001b[?1049h${set}`));
  }

  #keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#kept.push(bytes);
    this.#keptLength += bytes.length;
  }

  #follow(): Promise<ScreenModel> {
    const events = this.#kept;
    this.#kept = [];
    this.#keptLength = 0;
    this.#model = (this.#model ?? ScreenModel.make(this.#firstSize)).then(async (model) => {
      await model.follow(events);
      return model;
    });
    return this.#model;
  }

  #forget(): void {
    this.#kept = [];
    this.#keptLength = 0;
    void this.#model?.then((model) => model.close());
    this.#model = undefined;
  }
}
