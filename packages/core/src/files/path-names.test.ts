import path from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { baseNameOf, directoryOf, resolvePath } from "./path-names.ts";

const aPath = fc.array(fc.constantFrom("/", "..", ".", "a", "b.c", "\udcff", "//", "ä"), { maxLength: 9 });

it("resolves, splits and names as node:path does", () =>
  fc.assert(
    fc.property(fc.array(aPath, { maxLength: 3 }), (parts) => {
      const texts = ["/base", ...parts.map((words) => words.join(""))];
      const resolved = resolvePath(...texts);
      expect(resolved).toBe(path.posix.resolve(...texts));
      expect(directoryOf(resolved)).toBe(path.posix.dirname(resolved));
      expect(baseNameOf(resolved)).toBe(path.posix.basename(resolved));
    }),
  ));
