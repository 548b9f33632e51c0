import { expect, it } from "vitest";
import { median, renderAgent, renderTiming } from "./report.ts";

const works = { title: "commits with git", ok: true, detail: undefined };
const attack = (end: "succeeds" | "refused", ok: boolean) => ({
  title: `reads an ssh key: ${end}`,
  ok,
  detail: "the key",
});

it("puts a control beside its refusal, in 80 columns", () => {
  const table = renderAgent("opencode", [works, attack("succeeds", true)], [works, attack("refused", true)]);
  expect(table).toBe(
    [
      "opencode                                                   bare     confined",
      "  commits with git                                         ok       ok",
      "  reads an ssh key                                         succeeds refused",
    ].join("\n"),
  );
});

it("says of a failed row what the agent saw", () => {
  const table = renderAgent("opencode", [attack("succeeds", true)], [attack("refused", false)]);
  expect(table).toContain("NOT refused");
  expect(table).toContain("confined: reads an ssh key: refused\n      | the key");
});

it("says why an attack is open", () => {
  const open = { ...attack("succeeds", true), title: "reads an ssh key: open", note: "no reason" };
  const table = renderAgent("opencode", [attack("succeeds", true)], [open]);
  expect(table).toMatch(/succeeds open$/m);
  expect(table).toMatch(/^ {2}open: reads an ssh key: no reason$/m);
});

it("leaves the confined column empty where it was not run", () => {
  expect(renderAgent("opencode", [works], undefined)).toMatch(/ok {7}-$/);
});

it("takes the middle of the times, and says which side of the goal their ratio is on", () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2]);
  const line = (confined: number) => renderTiming("opencode", { bare: [1000], confined: [confined] });
  expect(line(1050)).toBe("opencode: bare 1.00 s, confined 1.05 s: 1.05 times (within the goal of 1.1)");
  expect(line(1500)).toContain("1.50 times (above the goal of 1.1)");
});
