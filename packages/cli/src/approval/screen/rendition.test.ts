import * as xterm from "@xterm/headless";
import fc from "fast-check";
import { expect, it } from "vitest";
import { changedRendition, PLAIN, renditionSequence } from "./rendition.ts";

const codes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 22, 23, 24, 25, 27, 28, 29, 31, 39, 42, 49, 53, 55, 95, 107].map(
  String,
);
const parameters = fc.array(fc.constantFrom(...codes, "38;5;200", "48;2;1;2;3", "38:5:3", ""), {
  maxLength: 4,
});

/** How a terminal draws after these sequences. */
async function drawn(text: string): Promise<string> {
  const { Terminal } = "Terminal" in xterm ? xterm : (xterm as { default: typeof xterm }).default;
  const terminal = new Terminal({ rows: 1, cols: 2, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(`${text}x`, resolve));
  const cell = terminal.buffer.active.getLine(0)?.getCell(0);
  return JSON.stringify([
    cell?.isBold(),
    cell?.isDim(),
    cell?.isItalic(),
    cell?.isUnderline(),
    cell?.isBlink(),
    cell?.isInverse(),
    cell?.isInvisible(),
    cell?.isStrikethrough(),
    cell?.isOverline(),
    cell?.getFgColorMode(),
    cell?.getFgColor(),
    cell?.getBgColorMode(),
    cell?.getBgColor(),
  ]);
}

it("brings a terminal to draw as after all the sequences, however many there were", () =>
  fc.assert(
    fc.asyncProperty(fc.array(parameters, { maxLength: 40 }), async (sequences) => {
      const texts = sequences.map((parts) => parts.join(";"));
      const rendition = texts.reduce(changedRendition, PLAIN);
      expect(rendition.length).toBeLessThan(32);
      const sent = texts.map((text) => `\u001b[${text}m`).join("");
      expect(await drawn(renditionSequence(rendition))).toBe(await drawn(sent));
    }),
    { numRuns: 100 },
  ));
