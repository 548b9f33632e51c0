import { expect, it } from "vitest";
import { CliError } from "./error.ts";

it("names a few sessions that are meant by what was given, and counts the rest", () => {
  const told = (sessions: readonly string[]) =>
    new CliError({ code: "audit-ambiguous", id: "2026", sessions }).message;
  expect(told(["20260102-1", "20260101-1"])).toMatch(/: 20260102-1, 20260101-1$/);
  const many = Array.from({ length: 1000 }, (_, at) => `2026-${at}`);
  expect(told(many)).toBe("2026 begins the ids of several sessions: 2026-0, 2026-1, 2026-2 and 997 more");
});
