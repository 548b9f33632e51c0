import { describe, expect, it } from "vitest";
import { sessionId, sessionNumber } from "./session-id.ts";

describe("sessionId", () => {
  it("is day and time in UTC, wherever the user is, and the process", () => {
    expect(sessionId(new Date("2026-08-01T23:04:05.678+02:00"), 4711)).toBe("20260801-210405-4711");
  });
});

describe("sessionNumber", () => {
  it("is the process's, or, where others may have the same, any", () => {
    expect(sessionNumber(4711, true)).toBe(4711);
    const numbers = Array.from({ length: 100 }, () => sessionNumber(1, false));
    expect(new Set(numbers).size).toBeGreaterThan(95);
    expect(Math.min(...numbers)).toBeGreaterThan(4_194_304);
  });
});
