// Where Bun's executable lies. It comes from npm, where a script run at installation moves it into the package `bun`;
// where such scripts are switched off it is still in the package made for this platform.

import fs from "node:fs";
import path from "node:path";
import { fail, root } from "./step.mjs";

/** @returns {string} absolute path */
export function bunExecutable() {
  const arch = process.arch === "arm64" ? "aarch64" : process.arch;
  const candidates = [
    "bun/bin/bun.exe",
    `@oven/bun-linux-${arch}/bin/bun`,
    `@oven/bun-linux-${arch}-musl/bin/bun`,
  ];
  const found = candidates.map((c) => path.join(root, "node_modules", c)).find(isExecutableFile);
  return found ?? fail("Bun, which compiles dist/nono, is not installed: run npm ci");
}

/**
 * Before the script has run, a note of a few hundred bytes lies where the executable will be.
 *
 * @param {string} file
 */
function isExecutableFile(file) {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && stat.size > 1_000_000;
}
