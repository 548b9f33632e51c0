// A file system as a value, for tests of what is pure.

import type { CanonicalPath } from "../../src/files/canonical-path.ts";
import type { EntryKind, FileView } from "../../src/files/file-view.ts";

/** `/` at the end: a directory; `-> target`: a link; a number: the inode, so that two names can be one file. */
export type Tree = Readonly<Record<string, "file" | "directory" | number | `-> ${string}`>>;

/** Parents need not be listed. */
export function memoryFiles(tree: Tree): FileView {
  const nodes = new Map<string, Tree[string]>([["/", "directory"]]);
  for (const [path, node] of Object.entries(tree)) {
    const parts = path.split("/").slice(1);
    for (let end = 1; end < parts.length; end++) nodes.set(`/${parts.slice(0, end).join("/")}`, "directory");
    nodes.set(path, node);
  }
  const kindOf = (path: string): EntryKind | "missing" => {
    const node = nodes.get(path);
    if (node === undefined) return "missing";
    if (node === "directory") return "directory";
    return typeof node === "string" && node.startsWith("-> ") ? "link" : "file";
  };
  const view: FileView = {
    kindOf,
    list(directory) {
      const prefix = directory === "/" ? "/" : `${directory}/`;
      return [...nodes.keys()]
        .filter(
          (path) => path.startsWith(prefix) && path !== prefix && !path.slice(prefix.length).includes("/"),
        )
        .map((path) => ({ name: path.slice(prefix.length), kind: kindOf(path) as EntryKind }));
    },
    identityOf(path) {
      const node = nodes.get(path);
      if (node === undefined) return undefined;
      const inode = typeof node === "number" ? node : [...nodes.keys()].indexOf(path) + 1000;
      const links = [...nodes.values()].filter((other) => typeof node === "number" && other === node).length;
      return { device: 1n, inode: BigInt(inode), links: BigInt(Math.max(1, links)) };
    },
    linkTarget(path) {
      const node = nodes.get(path);
      return typeof node === "string" && node.startsWith("-> ") ? node.slice(3) : undefined;
    },
    identityBehind(path) {
      const target = view.linkTarget(path);
      return target === undefined ? view.identityOf(path) : view.identityBehind(at(target));
    },
  };
  return view;
}

/** A path that the test knows to be canonical. */
export const at = (path: string): CanonicalPath => path as CanonicalPath;
