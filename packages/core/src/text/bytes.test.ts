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

/** What the decoder of the platform takes for one character, else a byte by itself. */
function escapedOneByOne(bytes: Buffer): string {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  for (const length of [1, 2, 3, 4]) {
    if (length > bytes.length) break;
    try {
      return decoder.decode(bytes.subarray(0, length)) + escapedOneByOne(bytes.subarray(length));
    } catch {
      // longer, or none
    }
  }
  return bytes.length === 0
    ? ""
    : String.fromCharCode(0xdc00 + (bytes[0] as number)) + escapedOneByOne(bytes.subarray(1));
}

/** Where the forms of UTF-8 begin and end. */
const aByte = fc.constantFrom(
  ...[0x61, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef],
  ...[0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff],
);

it("escapes just the bytes that the decoder of the platform refuses", () =>
  fc.assert(
    fc.property(fc.array(aByte, { maxLength: 12 }).map(Buffer.from), (bytes) => {
      expect(textOf(bytes)).toBe(escapedOneByOne(bytes));
    }),
    { numRuns: 3000 },
  ));

it("keeps different byte strings different", () => {
  expect(textOf(Buffer.from([0x61, 0xff, 0x62]))).toBe("a\udcffb");
  expect(bytesOf("a\udcffb")).toEqual(Buffer.from([0x61, 0xff, 0x62]));
});

it("takes a string for the bytes only where none of them can have been lost", () => {
  expect(textOf("/naïve")).toBe("/naïve");
  expect(() => textOf("/odd\ufffd")).toThrow(/may not be the name/);
});
