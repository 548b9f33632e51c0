import { expect, it } from "vitest";
import { evidenceFor } from "./evidence.ts";

const works = { title: "commits with git", ok: true, detail: undefined };
const base = { checks: [works], refusals: ["openat /home/.bashrc"], withheld: ["TOKEN"] };

it("takes a failed check first", () => {
  expect(
    evidenceFor([base], { ...base, checks: [{ ...works, ok: false }], refusals: ["openat /etc/x"] }),
  ).toBe("fails: commits with git");
});

it("takes a new refusal, and not one that was there with the entry", () => {
  const refusals = [...base.refusals, "openat /etc/x", "openat /etc/y"];
  expect(evidenceFor([base], { ...base, refusals })).toBe("refused: openat /etc/x and 1 more");
});

it("takes a variable that did not get through", () => {
  expect(evidenceFor([base], { ...base, withheld: ["TOKEN", "KEY"] })).toBe("withheld: KEY");
});

it("finds nothing where nothing differs", () => {
  expect(evidenceFor([base], base)).toBeUndefined();
});
