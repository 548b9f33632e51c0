import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareSessions } from "./session-order.ts";

describe("sessions", () => {
  it("are in the order of their time, and within a second of their numbers", () => {
    const ordered = [
      "20260801-210404-10001",
      "20260801-210405-99",
      "20260801-210405-9999",
      "20260801-210405-10000",
      "20260801-210405-10000-2",
      "20260801-210405-4194305",
      "20260801-210406-1",
      "20261201-000000-1",
      "mine",
    ];
    for (const shuffled of [ordered.toReversed(), [...ordered].sort()])
      expect(shuffled.sort(compareSessions)).toEqual(ordered);
  });

  it("are in one order only, whatever they are called", () => {
    const id = fc.string({ unit: fc.constantFrom("0", "1", "9", "-", ".", "a"), maxLength: 6 });
    fc.assert(
      fc.property(id, id, id, (a, b, c) => {
        expect(Math.sign(compareSessions(a, b))).toBe(0 - Math.sign(compareSessions(b, a)));
        expect(compareSessions(a, b) === 0).toBe(a === b);
        if (compareSessions(a, b) < 0 && compareSessions(b, c) < 0)
          expect(compareSessions(a, c)).toBeLessThan(0);
      }),
    );
  });
});
