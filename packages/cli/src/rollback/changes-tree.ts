// Changes as a tree: directories that have nothing beside each other to show are one line.

import type { Change } from "nono-ts";

export type TreeLine = Readonly<{
  /** 0 for a tracked root. */
  depth: number;
  /** Of a line that is only a directory on the way: none. */
  change: Change | undefined;
  /** From the line that it stands below, without a slash at its begin; a root's is absolute. */
  name: string;
  path: string;
  /** Changes at and below it. */
  count: number;
}>;

type Node = { path: string; name: string; change: Change | undefined; children: Map<string, Node> };

/** @param changes in the order of a snapshot */
export function treeOf(roots: readonly string[], changes: readonly Change[]): readonly TreeLine[] {
  return roots.flatMap((root) => {
    const below = changes.filter(({ path }) => path === root || path.startsWith(`${root}/`));
    if (below.length === 0) return [];
    const top: Node = { path: root, name: root, change: undefined, children: new Map() };
    for (const change of below) insert(top, root, change);
    return linesOf(top, 0);
  });
}

function insert(top: Node, root: string, change: Change): void {
  const names = change.path === root ? [] : change.path.slice(root.length + 1).split("/");
  let node = top;
  for (const name of names) {
    let child = node.children.get(name);
    if (child === undefined) {
      child = { path: `${node.path}/${name}`, name, change: undefined, children: new Map() };
      node.children.set(name, child);
    }
    node = child;
  }
  node.change = change;
}

function linesOf(node: Node, depth: number): readonly TreeLine[] {
  const [only, ...others] = node.children.values();
  if (depth > 0 && node.change === undefined && only !== undefined && others.length === 0)
    return linesOf({ ...only, name: `${node.name}/${only.name}` }, depth);
  const below = Array.from(node.children.values()).flatMap((child) => linesOf(child, depth + 1));
  const count =
    below.filter(({ change }) => change !== undefined).length + (node.change === undefined ? 0 : 1);
  return [{ depth, change: node.change, name: node.name, path: node.path, count }, ...below];
}

/** Whether a change is one of a directory, before or after. */
export function isOfDirectory({ before, after }: Change): boolean {
  return (after ?? before)?.type === "directory";
}
