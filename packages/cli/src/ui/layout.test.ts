import fc from "fast-check";
import { expect, it } from "vitest";
import { rows } from "./rows.ts";
import { bold } from "./style.ts";
import { wrap } from "./wrap.ts";

const aText = fc
  .array(fc.stringMatching(/^[a-z/.]{1,30}$/), { minLength: 1 })
  .map((words) => words.join(" "));

it("keeps every word, and every line within the columns unless a single word is longer", () =>
  fc.assert(
    fc.property(
      aText,
      fc.integer({ min: 20, max: 100 }),
      fc.integer({ min: 0, max: 10 }),
      (text, columns, indent) => {
        const lines = wrap(text, columns, indent);
        expect(lines.map((line) => line.trim()).join(" ")).toBe(text);
        for (const line of lines) expect(line.length <= columns || !line.trim().includes(" ")).toBe(true);
      },
    ),
  ));

it("puts texts below each other, and a label that is too long on a line of its own", () => {
  const items = [
    ["-a", "one two three"],
    ["--a-long-label", "four"],
    ["bare", ""],
  ] as const;
  expect(rows(items, { columns: 16, labelLimit: 8 })).toEqual([
    "  -a    one two",
    "        three",
    "  --a-long-label",
    "        four",
    "  bare",
  ]);
});

it("does not count styles as columns, and leaves them out where they are not taken", () => {
  const label = bold("ab", { colour: true });
  expect(rows([[label, "x"]], { columns: 80 })).toEqual([`  ${label}  x`]);
  expect(bold("ab", { colour: false })).toBe("ab");
});
