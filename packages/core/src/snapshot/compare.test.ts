import fc from "fast-check";
import { expect, it } from "vitest";
import { textOf } from "../text/bytes.ts";
import { comparePaths, sortedByPath } from "./compare.ts";

/** Bytes that are the same for long, and differ where it matters: separators, UTF-8 of every length, what is none. */
const aPiece = fc
  .constantFrom("/", "a", "b", "-", "é", "ﬀ", "\u{1f600}", "\u{10ffff}")
  .map((text) => Buffer.from(text));
const aPath = fc
  .array(fc.oneof(aPiece, fc.uint8Array({ minLength: 1, maxLength: 1 }).map(Buffer.from)), { maxLength: 8 })
  .map((pieces) => Buffer.concat(pieces));

/** The order as it is defined: a separator comes before every other byte. */
const ranked = (bytes: Buffer) => Buffer.from(Array.from(bytes, (byte) => (byte === 0x2f ? 0 : byte)));

it("orders paths by their bytes, separators first, whatever the bytes stand for", () =>
  fc.assert(
    fc.property(aPath, aPath, (a, b) => {
      fc.pre(!a.includes(0) && !b.includes(0));
      expect(Math.sign(comparePaths(textOf(a), textOf(b)))).toBe(Buffer.compare(ranked(a), ranked(b)));
    }),
    { numRuns: 2000 },
  ));

it("sorts by path, whether or not a list is in order already", () =>
  fc.assert(
    fc.property(fc.uniqueArray(fc.stringMatching(/^[a/-]{1,4}$/)), (paths) => {
      const sorted = [...paths].sort(comparePaths);
      for (const list of [paths, sorted]) expect(sortedByPath(list, (path) => path)).toEqual(sorted);
    }),
  ));
