import { expect, it } from "vitest";
import { requestIds } from "./request-ids.ts";

it("are short, and none comes twice", () => {
  const ids = requestIds((below) => below - 5);
  const seen = new Set<string>();
  for (let index = 0; index < 50_000; index++) seen.add(ids.next().value);
  expect(seen.size).toBe(50_000);
  expect([...seen].every((id) => /^[a-z2-9]{4}$/.test(id))).toBe(true);
});

it("begin somewhere else in each session", () => {
  const firsts = Array.from({ length: 50 }, () => requestIds().next().value);
  expect(new Set(firsts).size).toBeGreaterThan(40);
});
