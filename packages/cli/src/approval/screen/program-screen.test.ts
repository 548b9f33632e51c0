import type { IBuffer, Terminal } from "@xterm/headless";
import * as xterm from "@xterm/headless";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ProgramScreen } from "./program-screen.ts";

const ESC = "\u001b";
const QUESTION = `${ESC}[1;3H${ESC}[1mnono: may it?${ESC}[0m${ESC}[6;1Hy n`;

/** The other terminal emulator: what a person would see. */
class RealTerminal {
  readonly terminal: Terminal;

  constructor(rows = 6, columns = 12) {
    const { Terminal } = "Terminal" in xterm ? xterm : (xterm as { default: typeof xterm }).default;
    this.terminal = new Terminal({ rows, cols: columns, scrollback: 0, allowProposedApi: true });
  }

  write(text: string | Uint8Array): Promise<void> {
    return new Promise((resolve) => this.terminal.write(text, resolve));
  }

  get position() {
    const { cursorX, cursorY } = this.terminal.buffer.active;
    return { row: cursorY + 1, column: Math.min(cursorX, this.terminal.cols - 1) + 1 };
  }

  /** Everything that can be seen of it. */
  get seen() {
    const { buffer, modes } = this.terminal;
    return {
      type: buffer.active.type,
      cursor: [buffer.active.cursorX, buffer.active.cursorY],
      normal: cellsOf(buffer.normal, this.terminal),
      alternate: buffer.active.type === "alternate" ? cellsOf(buffer.alternate, this.terminal) : [],
      modes: { ...modes },
    };
  }
}

function cellsOf(buffer: IBuffer, { rows, cols }: Terminal): readonly string[] {
  return Array.from({ length: rows }, (_, row) => {
    const line = buffer.getLine(buffer.baseY + row);
    const cells = Array.from({ length: cols }, (_, column) => {
      const cell = line?.getCell(column);
      if (cell === undefined || cell.getWidth() === 0) return "";
      const flags = [cell.isBold(), cell.isDim(), cell.isItalic(), cell.isUnderline(), cell.isInverse()];
      const set = flags.map((on) => (on ? 1 : 0)).join("");
      const colours = `${cell.getFgColorMode()}.${cell.getFgColor()}/${cell.getBgColorMode()}.${cell.getBgColor()}`;
      const looks = cell.isAttributeDefault() ? "" : `<${set},${colours}>`;
      return looks + (cell.getChars() || " ");
    });
    return cells.join("").trimEnd();
  });
}

type Told = Readonly<{ chunks: readonly string[]; keptMax?: number; withPosition?: boolean }>;

/** What a terminal shows after the program alone, and after the same with a question in between. */
async function withAndWithout(
  { chunks, keptMax, withPosition = true }: Told,
  later: (before: Seen) => string,
) {
  const [alone, asked] = [new RealTerminal(), new RealTerminal()];
  const screen = new ProgramScreen({ rows: 6, columns: 12 }, keptMax === undefined ? {} : { keptMax });
  for (const chunk of chunks) {
    await alone.write(Buffer.from(chunk));
    await screen.output(Buffer.from(chunk));
    await asked.write(Buffer.from(chunk));
  }
  const position = withPosition && screen.needsPosition ? asked.position : undefined;
  await asked.write(screen.setAside({ position }));
  await asked.write(QUESTION);
  const question = asked.seen;
  await asked.write(await screen.giveBack({ position }));
  const [before, after] = [alone.seen, asked.seen];
  for (const terminal of [alone, asked]) await terminal.write(later(before));
  return { before, after, question, beforeLater: alone.seen, afterLater: asked.seen };
}

type Seen = RealTerminal["seen"];

/** Shows what cannot be seen until it is used: rendition, character set, margins, insert mode, and what is saved. */
const PROBE = `q${ESC}[1;1Hx\u000eq\u000f${ESC}8zq\n\n\n\n\n\n\nend`;
const PROBE_BUT_SAVED = PROBE.replace(`${ESC}8`, "");

const RESET = `${ESC}c`;

const number = fc.integer({ min: 0, max: 13 });
const csi = (final: string, ...parts: fc.Arbitrary<number | string>[]) =>
  fc.tuple(...parts).map((values) => `${ESC}[${values.join(";")}${final}`);
const mode = (...modes: number[]) =>
  fc.tuple(fc.constantFrom(...modes), fc.boolean()).map(([one, on]) => `${ESC}[?${one}${on ? "h" : "l"}`);

const drawing = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."abcq漢é "), maxLength: 15 }),
  fc.constantFrom("\r\n", "\r", "\n", "\b", "\t"),
  csi("H", number, number),
  csi("J", fc.constantFrom(0, 1, 2)),
  csi("K", fc.constantFrom(0, 1, 2)),
  csi("m", fc.constantFrom(0, 1, 2, 3, 4, 7, 22, 24, 27, 31, 39, 44, 49, 95, "38;5;200", "48;2;1;2;3")),
  csi("L", fc.constantFrom(1, 2)),
  csi("M", fc.constantFrom(1, 2)),
  csi("@", fc.constantFrom(1, 3)),
  csi("P", fc.constantFrom(1, 3)),
);

const charsets = fc.constantFrom(`${ESC}(0`, `${ESC}(B`, `${ESC})0`, "\u000e", "\u000f");

const setting = fc.oneof(
  csi("r", fc.constantFrom(1, 2, 3), fc.constantFrom(4, 5, 6)),
  mode(1, 6, 7, 25, 1000, 1002, 1004, 1006, 2004),
  fc.constantFrom(`${ESC}[4h`, `${ESC}[4l`, `${ESC}=`, `${ESC}>`, RESET, `${ESC}]0;title\u0007`),
);

/** On a column that is not the last: a terminal that is asked where its cursor is does not say that it waits there. */
const saving = fc.constantFrom(`\r${ESC}7`, `${ESC}8\r`);

/** With margins and character sets set anew: emulators differ in whether each screen has its own. */
const screens = fc
  .constantFrom("h", "l")
  .map((final) => `${ESC}[r${ESC}(B${ESC})B\u000f${ESC}[?1049${final}${ESC}[r${ESC}[H`);

const output = fc.array(
  fc.oneof({ weight: 6, arbitrary: drawing }, { weight: 3, arbitrary: setting }, charsets, screens),
  {
    maxLength: 40,
  },
);

/** On the normal screen the emulator does not save that the cursor waits at the end of the line. */
function settled(chunks: readonly string[]): readonly string[] {
  const last = chunks.findLast((chunk) => chunk === RESET || chunk.includes("?1049")) ?? "";
  return last.includes("?1049h") ? chunks : [...chunks, "\r"];
}

describe("a program's screen", () => {
  it("is as it was after a question, in all that can be seen then and later", async () => {
    await fc.assert(
      fc.asyncProperty(
        output,
        fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
        async (chunks, keptMax) => {
          const home = settled([`${ESC}[?1049h${ESC}[H`, ...chunks]);
          const told = { chunks: home, ...(keptMax === undefined ? {} : { keptMax }) };
          const result = await withAndWithout(told, ({ type }) =>
            type === "normal" ? PROBE_BUT_SAVED : PROBE,
          );
          expect(result.after).toEqual(result.before);
          expect(result.afterLater).toEqual(result.beforeLater);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("is as it was on the normal screen, too", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(drawing, setting, charsets), { maxLength: 40 }), async (chunks) => {
        const result = await withAndWithout({ chunks: [...chunks, "\r"] }, () => PROBE_BUT_SAVED);
        expect(result.after).toEqual(result.before);
        expect(result.afterLater).toEqual(result.beforeLater);
      }),
      { numRuns: 100 },
    );
  });

  // The emulator saves one of the character sets only, where terminals save all.
  it("keeps what the program has saved of the cursor, when the terminal says where it is", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(drawing, setting, saving), { maxLength: 40 }), async (chunks) => {
        const kept = chunks.filter((chunk) => chunk !== RESET);
        const told = [`${ESC}[2;5H${ESC}[31m${ESC}7`, ...kept, "\r"];
        const result = await withAndWithout({ chunks: told }, () => PROBE);
        expect(result.after).toEqual(result.before);
        expect(result.afterLater).toEqual(result.beforeLater);
      }),
      { numRuns: 100 },
    );
  });
});
