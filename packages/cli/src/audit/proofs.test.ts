import { describe, expect, it } from "vitest";
import { checkProofs } from "./proofs.ts";

const NONE = { claim: undefined, problem: "it is no proof" };

describe("checkProofs", () => {
  it("takes documents one behind the other, of a line or of many", () => {
    const text = `{}\n${JSON.stringify({ a: { b: 1 } }, undefined, 2)}\n\n{"c":1}\n${JSON.stringify([1], undefined, 2)}\n`;
    expect(checkProofs(text, [])).toEqual([NONE, NONE, NONE, NONE]);
    expect(checkProofs("{}\n{", [])).toBeUndefined();
    expect(checkProofs("\n", [])).toBeUndefined();
  });

  it.each(["x", "{"])("is not kept busy by a line of braces that begins with %j", (first) => {
    const begun = performance.now();
    expect(checkProofs(`${first}${"}".repeat(1_000_000)}\n{}\n`, [])).toBeUndefined();
    expect(performance.now() - begun).toBeLessThan(5000); // the square of it takes many minutes
  });
});
