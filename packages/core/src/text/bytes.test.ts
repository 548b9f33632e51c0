import fc from "fast-check";
import { expect, it } from "vitest";
import { bytesOf, textOf } from "./bytes.ts";

it("gives back exactly the bytes it was given, whatever they are", () =>
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      expect(Buffer.from(bytesOf(textOf(bytes)))).toEqual(Buffer.from(bytes));
    }),
  ));

it("leaves text that is UTF-8 as everybody reads it", () =>
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(textOf(Buffer.from(text))).toBe(text);
      expect(bytesOf(text)).toEqual(Buffer.from(text));
    }),
  ));

it("keeps different byte strings different", () => {
  expect(textOf(Buffer.from([0x61, 0xff, 0x62]))).toBe("a\udcffb");
  expect(bytesOf("a\udcffb")).toEqual(Buffer.from([0x61, 0xff, 0x62]));
});

it("takes a string for the bytes only where none of them can have been lost", () => {
  expect(textOf("/naïve")).toBe("/naïve");
  expect(() => textOf("/odd\ufffd")).toThrow(/may not be the name/);
});
