import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { leafHash, merkleRoot } from "./merkle.ts";

const sha256 = (...parts: Uint8Array[]) => createHash("sha256").update(Buffer.concat(parts)).digest();

/** The definition of RFC 6962, section 2.1, word for word. */
function definition(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return sha256(Buffer.of(0), leaves[0] as Uint8Array);
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return sha256(Buffer.of(1), definition(leaves.slice(0, half)), definition(leaves.slice(half)));
}

it("is the tree of RFC 6962 for any number of leaves", () =>
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 8 }), { maxLength: 40 }), (leaves) => {
      expect(merkleRoot(leaves.map(leafHash)).toString("hex")).toBe(definition(leaves).toString("hex"));
    }),
  ));

it("has the roots of the RFC's published test data", () => {
  const leaves = ["", "00", "10", "2021", "3031", "40414243"].map((text) => Buffer.from(text, "hex"));
  const rootOf = (count: number) => merkleRoot(leaves.slice(0, count).map(leafHash)).toString("hex");
  expect(rootOf(0)).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(rootOf(1)).toBe("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  expect(rootOf(2)).toBe("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
});
