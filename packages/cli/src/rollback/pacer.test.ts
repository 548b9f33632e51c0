import { describe, expect, it } from "vitest";
import { isDue, pauseOf } from "./pacer.ts";

const NONE = { minutes: undefined, changes: undefined };

describe("a snapshot in between", () => {
  it("is due after its minutes, when anything changed", () => {
    const pace = { ...NONE, minutes: 5 };
    expect(isDue(pace, 5 * 60_000, 1)).toBe(true);
    expect(isDue(pace, 5 * 60_000, 0)).toBe(false);
    expect(isDue(pace, 5 * 60_000 - 1, 1000)).toBe(false);
  });

  it("is due after its changes, however soon", () => {
    const pace = { ...NONE, changes: 10 };
    expect(isDue(pace, 1, 10)).toBe(true);
    expect(isDue(pace, 1e9, 9)).toBe(false);
    expect(isDue(NONE, 1e9, 1000)).toBe(false);
  });

  it("is looked for no more often than looking is cheap", () => {
    expect(pauseOf({ ...NONE, changes: 10 }, 0, 1)).toBe(2000);
    expect(pauseOf({ ...NONE, changes: 10 }, 0, 1000)).toBe(30_000);
    expect(pauseOf({ ...NONE, minutes: 1 }, 20_000, 1)).toBe(40_000);
    expect(pauseOf({ minutes: 1, changes: 10 }, 0, 1)).toBe(2000);
  });
});
