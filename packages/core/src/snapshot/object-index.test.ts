import fc from "fast-check";
import { expect, it } from "vitest";
import { loadAddon } from "../native/locate.ts";
import { ObjectIndex } from "./object-index.ts";
import { ROW_SIZE } from "./pack.ts";

/** Digests of which many begin alike, so that they want the same slots. */
const aDigest = fc
  .tuple(fc.constantFrom("00000000", "ffffffff", "01000000"), fc.integer({ min: 0, max: 99 }))
  .map(([head, rest]) => head + `${rest}`.padStart(56, "0"));

function packOf(digests: readonly string[]) {
  const index = Buffer.alloc(digests.length * ROW_SIZE);
  for (const [row, digest] of digests.entries()) index.write(digest, row * ROW_SIZE, "hex");
  return { index };
}

it("finds a content in the first pack that has it, and none that nobody has", () =>
  fc.assert(
    fc.property(fc.array(fc.uniqueArray(aDigest)), aDigest, (contents, other) => {
      const packs = contents.map(packOf);
      const index = new ObjectIndex(loadAddon(), packs);
      for (const digest of [...contents.flat(), other]) {
        const pack = contents.findIndex((digests) => digests.includes(digest));
        const row = contents[pack]?.indexOf(digest);
        const found = index.find(digest);
        expect(found && { pack: packs.indexOf(found.pack), row: found.row / ROW_SIZE }).toEqual(
          row === undefined ? undefined : { pack, row },
        );
      }
    }),
  ));
