import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeEntries, encodeEntries } from "./entries.ts";

const someEntries = fc.dictionary(fc.string({ maxLength: 20 }), fc.uint8Array({ maxLength: 50 }));

describe("entries", () => {
  it("come back as they were, whatever their values hold", () =>
    fc.assert(
      fc.property(someEntries, (entries) => {
        const map = new Map(Object.entries(entries));
        const decoded = decodeEntries(encodeEntries(map));
        const plain = [...decoded].map(([name, value]) => [name, Uint8Array.from(value)] as const);
        expect(new Map(plain)).toEqual(map);
      }),
    ));

  it("are refused when a byte is missing or too many, never read beyond", () =>
    fc.assert(
      fc.property(someEntries, fc.nat(), (entries, at) => {
        const bytes = encodeEntries(new Map(Object.entries(entries)));
        expect(() => decodeEntries(Buffer.concat([bytes, Buffer.of(0)]))).toThrow(RangeError);
        expect(() => decodeEntries(bytes.subarray(0, at % bytes.length))).toThrow(RangeError);
      }),
    ));
});
