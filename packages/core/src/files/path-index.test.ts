import fc from "fast-check";
import { expect, it } from "vitest";
import { at } from "../../test/support/memory-files.ts";
import { isWithin } from "./canonical-path.ts";
import { lineageOf, PathIndex } from "./path-index.ts";

const aPath = fc
  .array(fc.constantFrom("a", "ab", "b"), { maxLength: 4 })
  .map((parts) => at(`/${parts.join("/")}`));

it("finds exactly what comparing with each would find, in the same order", () =>
  fc.assert(
    fc.property(fc.array(aPath), aPath, (items, path) => {
      const index = new PathIndex(items, (item) => item);
      expect(index.within(path)).toEqual(items.filter((item) => isWithin(item, path)));
      expect([...index.covering(path)].sort()).toEqual(items.filter((item) => isWithin(path, item)).sort());
    }),
  ));

it("names the nearest first", () => {
  const index = new PathIndex([at("/"), at("/a/b"), at("/a")], (item) => item);
  expect(index.covering(at("/a/b/c"))).toEqual(["/a/b", "/a", "/"]);
  expect(lineageOf(at("/a/b"))).toEqual(["/a/b", "/a", "/"]);
});
