// Whether a terminal has drawn what was written to it: it is asked where its cursor is (DSR), and answers in its turn. The
// program can have asked before, and its answers come late when the terminal is slow; so the cursor is put to columns
// that nobody can foresee, so many that no list of places that a program could ask for holds them in a row.

import { randomBelow } from "nono-ts/internal";
import { type Key, KeyReader } from "../../terminal/keys.ts";
import type { Position } from "./set-aside.ts";

const ESC = "\u001b";
export const WHERE_IS_THE_CURSOR = `${ESC}[6n`;

/** A program would have to write a terabyte to have all sequences of so many bits reported. */
const BITS = 40;
/** Of a window that is a few columns wide. */
const QUESTIONS_MAX = 24;

/** Columns to ask at, one after the other. */
export function unforeseenColumns(columns: number): readonly number[] {
  const bits = Math.log2(Math.max(2, columns));
  const count = Math.min(QUESTIONS_MAX, Math.ceil(BITS / bits));
  return Array.from({ length: count }, () => 1 + randomBelow(Math.max(1, columns)));
}

/** Puts the cursor there, and asks each time. */
export function questionsAt(columns: readonly number[], row: number): string {
  return columns.map((column) => `${ESC}[${Math.max(1, row)};${column}H${WHERE_IS_THE_CURSOR}`).join("");
}

/** `before`: what came before the last of the reports that were wanted, without those. */
export type Found = Readonly<{ position: Position; before: string; after: string }>;

/**
 * Reports of the cursor (CPR) in these columns, with no other between them; keys may be.
 *
 * @param columns undefined: the first report, wherever it is
 */
export function reportsIn(typed: string, columns: readonly number[] | undefined): Found | undefined {
  const reports = [...typed.matchAll(/\u001b\[([0-9]+);([0-9]+)R/g)].map(
    ({ 0: text, 1: row, 2: column, index }) => ({
      start: index,
      end: index + text.length,
      position: { row: Number(row), column: Number(column) },
    }),
  );
  const length = columns?.length ?? 1;
  for (let first = 0; first + length <= reports.length; first++) {
    const run = reports.slice(first, first + length);
    const last = run.at(-1);
    if (last === undefined || columns?.some((column, index) => run[index]?.position.column !== column))
      continue;
    return { position: last.position, before: without(typed, run), after: typed.slice(last.end) };
  }
  return undefined;
}

function without(typed: string, run: readonly Readonly<{ start: number; end: number }>[]): string {
  const starts = [0, ...run.map(({ end }) => end)];
  return run.map(({ start }, index) => typed.slice(starts[index], start)).join("");
}

/** Keys for what is drawn, of which the terminal may say late that it is. */
export class Answering {
  readonly #columns: readonly number[];
  #reader = new KeyReader();
  #typed = "";
  #isSeen: boolean;

  /** @param columns where the terminal was asked for its cursor; `isSeen`: and has answered */
  constructor(columns: readonly number[], isSeen: boolean) {
    this.#columns = columns;
    this.#isSeen = isSeen;
  }

  /** Whether what the last keys were for had been drawn. */
  get isSeen(): boolean {
    return this.#isSeen;
  }

  read(bytes: Uint8Array): readonly Key[] {
    if (this.#isSeen) return this.#reader.read(bytes);
    this.#typed += Buffer.from(bytes).toString("latin1");
    const found = reportsIn(this.#typed, this.#columns);
    if (found === undefined) return this.#reader.read(bytes);
    this.#isSeen = true;
    this.#reader = new KeyReader();
    return this.#reader.read(Buffer.from(found.after, "latin1"));
  }
}
