// Builds dist/nono, dist/nono-launch and dist/nono.node. What is newer than all it is made from stays as it is.

import { mkdirSync, renameSync, statSync } from "node:fs";
import { compile, FLAGS, newest, nodeApi, PRODUCTS, root, sources } from "./compile.mjs";

mkdirSync(`${root}dist`, { recursive: true });
for (const { output, folders, flags } of PRODUCTS) {
  const path = `${root}dist/${output}`;
  const inputs = [...folders, "include", "scripts"].map((folder) => `${root}${folder}`);
  if ((statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) > newest(inputs)) continue;
  // Renamed into place: a copy that runs or is loaded keeps its inode.
  const fresh = `${path}.${process.pid}`;
  compile([...FLAGS, "-O2", ...flags(nodeApi()), "-o", fresh, ...folders.flatMap(sources)]);
  renameSync(fresh, path);
}
