import fc from "fast-check";
import { expect, it } from "vitest";
import { textOf } from "../text/bytes.ts";
import { canonicalJson, fromCanonical, type Json } from "./canonical.ts";

const aText = fc.oneof(fc.string({ unit: "binary" }), fc.uint8Array().map(textOf));
const { value: aValue } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    aText,
    fc.array(tie("value")),
    fc.dictionary(fc.string({ unit: "binary" }), tie("value"), { noNullPrototype: true }),
  ),
}));

it("writes the strings and the order of RFC 8785, section 3.2", () => {
  expect(canonicalJson('\u20ac$\u000f\nA\'B"\\\\"/')).toBe('"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"');
  const keys = { "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\ud83d\ude00": 5, "\u0080": 6, "\u00f6": 7 };
  expect([...canonicalJson(keys).matchAll(/:(\d)/g)].map(([, value]) => Number(value))).toEqual([
    2, 4, 6, 7, 1, 5, 3,
  ]);
});

it("loses nothing, bytes that are not UTF-8 included", () =>
  fc.assert(
    fc.property(aValue, (value) => {
      expect(fromCanonical(JSON.parse(canonicalJson(value)))).toEqual(value);
    }),
  ));

it("writes text that is not UTF-8 in base64", () => {
  expect(canonicalJson(["ok", textOf(Buffer.from([0x61, 0xff]))])).toBe('["ok",{"base64":"Yf8="}]');
});

it("leaves out what is undefined, and refuses what is not exact", () => {
  expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}');
  expect(() => canonicalJson(1.5)).toThrow("no whole number");
});
