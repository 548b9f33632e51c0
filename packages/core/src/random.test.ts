import fc from "fast-check";
import { expect, it } from "vitest";
import { randomBelow, randomBytes, randomId } from "./random.ts";

it("gives every number below a limit, about as often as any other, and no other", () => {
  for (const limit of [1, 2, 7, 80]) {
    const counts = new Array<number>(limit).fill(0);
    for (let at = 0; at < 1000 * limit; at++) {
      const number = randomBelow(limit);
      counts[number] = (counts[number] ?? 0) + 1;
    }
    expect(counts).toHaveLength(limit);
    // 1000 on average with a standard deviation of 32.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(limit === 1 ? 1 : 250);
  }
});

it("stays below limits that no power of two divides", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 32 }), (limit) => {
      const number = randomBelow(limit);
      expect(Number.isSafeInteger(number) && number >= 0 && number < limit).toBe(true);
    }),
  );
});

it("has nothing to choose from where there is no such limit", () => {
  for (const limit of [0, -1, 1.5, Number.NaN, 2 ** 32 + 1])
    expect(() => randomBelow(limit), String(limit)).toThrow(RangeError);
});

it("gives bytes and names that do not come again", () => {
  const made = Array.from({ length: 100 }, () => [randomBytes(16).toString("hex"), randomId()]).flat();
  expect(new Set(made).size).toBe(200);
  expect(randomBytes(0)).toHaveLength(0);
});
