import type { Observation } from "nono-ts";
import { expect, it } from "vitest";
import { observationEntry } from "./describe.ts";

const executed = (command: readonly string[]) =>
  observationEntry({
    kind: "executed",
    path: "/bin/true",
    arguments: command,
    cut: false,
    process: { pid: 7, parent: 1 },
  } as unknown as Observation).data as Readonly<{ command: readonly string[]; cut?: boolean }>;

it("has all arguments of an execution up to a bound, and says what is beyond it", () => {
  const longest = "x".repeat(131_071);
  expect(executed(["true", longest])).toMatchObject({ command: ["true", longest] });
  expect(executed(["true", longest]).cut).toBeUndefined();
  for (const many of [Array(15).fill(longest), Array(300_000).fill("")]) {
    const { command, cut } = executed(["true", ...many]);
    expect(cut).toBe(true);
    expect(JSON.stringify(command).length).toBeLessThan(1 << 20);
    expect(command.slice(0, 2)).toEqual(["true", many[0]]);
  }
});
