import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { show } from "./show.ts";
import { showJson } from "./show-json.ts";

describe("showJson", () => {
  it("is the same value, and nothing in it is unsafe", () => {
    const text = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(fc.dictionary(text, fc.array(text)), fc.constantFrom(undefined, 2), (value, indent) => {
        const json = showJson(value, indent);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
        for (const line of json.split("\n")) expect(show(line, Infinity)).toBe(line);
      }),
    );
  });

  it("escapes what JSON leaves as it is: C1 controls, directions, tags", () => {
    expect(showJson("\u009b2J\u202e\u{e0041}é請")).toBe('"\\u009b2J\\u202e\\udb40\\udc41é請"');
  });
});
