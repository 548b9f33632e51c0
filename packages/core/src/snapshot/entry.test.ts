import fc from "fast-check";
import { expect, it } from "vitest";
import { digestOf } from "../hash/digest.ts";
import { textOf } from "../text/bytes.ts";
import { decodeEntry, decodeRow, type Entry, encodeEntry } from "./entry.ts";
import { rowOf } from "./leaves.ts";

const aName = fc.uint8Array({ minLength: 1, maxLength: 255 }).map(textOf);
const anAttribute = fc.tuple(fc.constantFrom("user.a", "user.b"), fc.constantFrom("", "00ff", "61"));
const common = fc.record({
  path: aName,
  uid: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  gid: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  mode: fc.integer({ min: 0, max: 0o7777 }),
  modified: fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }),
  attributes: fc.array(anAttribute, { maxLength: 2 }),
});
const own = fc.oneof(
  fc.record({
    type: fc.constant("file" as const),
    size: fc.maxSafeNat(),
    content: fc.uint8Array().map(digestOf),
    stretches: fc.option(fc.array(fc.tuple(fc.maxSafeNat(), fc.maxSafeNat()), { maxLength: 3 }), {
      nil: undefined,
    }),
    linkedTo: fc.option(aName, { nil: undefined }),
    unstable: fc.boolean(),
  }),
  fc.record({ type: fc.constantFrom("directory" as const, "other" as const) }),
  fc.record({ type: fc.constant("link" as const), target: aName }),
  fc.record({ type: fc.constant("unread" as const), reason: fc.string({ unit: "grapheme" }) }),
);
const anEntry = fc.tuple(common, own).map(([a, b]) => ({ ...a, ...b }) as Entry);

it("comes back from its bytes, all of it", () =>
  fc.assert(
    fc.property(anEntry, (entry) => {
      expect(decodeEntry(encodeEntry(entry))).toEqual(entry);
    }),
  ));

it("is not read from bytes that are cut off or too many", () =>
  fc.assert(
    fc.property(anEntry, fc.nat(), (entry, cut) => {
      const bytes = encodeEntry(entry);
      expect(() => decodeEntry(bytes.subarray(0, cut % bytes.length))).toThrow(RangeError);
      expect(() => decodeEntry(Buffer.concat([bytes, Buffer.of(0)]))).toThrow(RangeError);
    }),
  ));

it("comes back from a row with others, which is not read when it is cut off", () =>
  fc.assert(
    fc.property(fc.array(anEntry, { minLength: 1, maxLength: 5 }), fc.nat(), (entries, cut) => {
      const rows = entries.map((entry) => rowOf(encodeEntry(entry)));
      const row = Buffer.concat(rows);
      expect(decodeRow(row)).toEqual(entries);
      const length = rows.at(-1)?.length as number;
      expect(() => decodeRow(row.subarray(0, row.length - 1 - (cut % (length - 1))))).toThrow(RangeError);
    }),
  ));
