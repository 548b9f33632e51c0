import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { at, memoryFiles } from "../../test/support/memory-files.ts";
import { type CanonicalPath, isWithin } from "../files/canonical-path.ts";
import type { FileView } from "../files/file-view.ts";
import { PathIndex } from "../files/path-index.ts";
import { type Piece, type Split, splitGrant as split } from "./split.ts";
import { rightsOfSplit } from "./split-rights.ts";

const splitGrant = (grant: Piece, denied: readonly CanonicalPath[], view: FileView) =>
  split(grant, new PathIndex(denied, (path) => path), view);

/** As the launcher and the kernel will have it. */
const covers = ({ pieces, opened }: Split, file: string, view: FileView) =>
  pieces.some((piece) => piece.kind !== "list" && isWithin(at(file), piece.path)) ||
  opened.some(
    ({ path, leftOut }) =>
      rightsOfSplit({ directory: path, leftOut, files: 1n, directories: 1n }, at(file), view) !== undefined,
  );

const directory = (path: string) => ({ path: at(path), kind: "directory" as const });

describe("splitGrant", () => {
  const view = memoryFiles({
    "/a/secret": "file",
    "/a/notes": "file",
    "/a/sub/deep/key": "file",
    "/a/sub/deep/open": "file",
    "/a/sub/other": "file",
    "/a/link": "-> /a/secret",
  });

  it("leaves a grant without a denial inside whole", () => {
    expect(splitGrant(directory("/a/sub"), [at("/a/secret")], view)).toEqual({
      pieces: [directory("/a/sub")],
      opened: [],
    });
  });

  it("leaves a denied file out of the entries of its directory, which may be listed", () => {
    const parts = splitGrant(directory("/a"), [at("/a/secret")], view);
    expect(parts).toEqual({
      pieces: [{ path: "/a", kind: "list" }],
      opened: [{ path: "/a", leftOut: ["secret"] }],
    });
    expect(
      ["/a/notes", "/a/sub/other", "/a/link", "/a/secret", "/a"].filter((file) => covers(parts, file, view)),
    ).toEqual(["/a/notes", "/a/sub/other"]);
  });

  it("takes every directory on the way apart", () => {
    const parts = splitGrant(directory("/a"), [at("/a/sub/deep/key")], view);
    expect(parts.opened).toEqual([
      { path: "/a/sub/deep", leftOut: ["key"] },
      { path: "/a/sub", leftOut: ["deep"] },
      { path: "/a", leftOut: ["sub"] },
    ]);
    expect(covers(parts, "/a/sub/deep/key", view)).toBe(false);
    expect(covers(parts, "/a/sub/deep/open", view)).toBe(true);
  });

  it("does not let a directory be listed above a denied directory, whose entries would be listed as well", () => {
    const { pieces } = splitGrant(directory("/a"), [at("/a/sub/deep")], view);
    expect(pieces.filter((piece) => piece.kind === "list")).toEqual([]);
  });

  it("takes the deepest existing directory apart for a name that does not exist yet", () => {
    const parts = splitGrant(directory("/a"), [at("/a/sub/new/name")], view);
    expect(parts.opened).toEqual([
      { path: "/a/sub", leftOut: ["new"] },
      { path: "/a", leftOut: ["sub"] },
    ]);
    expect(covers(parts, "/a/sub/deep", view)).toBe(true);
  });

  it("gives nothing for a grant inside a denied path", () => {
    expect(splitGrant(directory("/a/sub/deep"), [at("/a/sub")], view)).toEqual({ pieces: [], opened: [] });
  });

  it("leaves the other names of a denied file out as well", () => {
    const linked = memoryFiles({ "/a/secret": 7, "/a/same": 7, "/a/free": 8 });
    const parts = splitGrant(directory("/a"), [at("/a/secret")], linked);
    expect(parts.opened).toEqual([{ path: "/a", leftOut: ["secret", "same"] }]);
    expect(covers(parts, "/a/free", linked)).toBe(true);
  });

  it("keeps a file whose name a denial goes through: nothing can lie below it", () => {
    const parts = splitGrant(directory("/a"), [at("/a/notes/name")], view);
    expect(covers(parts, "/a/notes", view)).toBe(true);
  });

  it("never covers a denied path, and covers all else that exists", () => {
    const names = fc.constantFrom("a", "b", "c", "ab");
    const paths = fc.array(names, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join("/")}`);
    fc.assert(
      fc.property(
        fc.array(paths, { minLength: 1, maxLength: 20 }),
        fc.array(paths, { maxLength: 4 }),
        (files, denied) => {
          const leaves = files.filter(
            (file) => !files.some((other) => other !== file && other.startsWith(`${file}/`)),
          );
          const tree = memoryFiles(Object.fromEntries(leaves.map((file) => [file, "file" as const])));
          const parts = splitGrant(directory("/"), denied.map(at), tree);
          for (const file of leaves)
            expect([file, covers(parts, file, tree)]).toEqual([
              file,
              !denied.some((path) => isWithin(at(file), at(path))),
            ]);
        },
      ),
    );
  });
});
