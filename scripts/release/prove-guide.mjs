// The lines of docs/installation.md that are marked `sh release`, as a person would type them.

import fs from "node:fs";
import path from "node:path";
import { root } from "../step.mjs";

/**
 * @param {string} platform that is spoken of instead of the guide's
 * @returns {readonly string[]} blocks, in their order
 */
export function installationLines(platform) {
  const guide = fs.readFileSync(path.join(root, "docs/installation.md"), "utf8");
  const blocks = [...guide.matchAll(/^```sh release\n([\s\S]*?)^```$/gm)].map(([, lines = ""]) => lines);
  return blocks.map((lines) => lines.replaceAll("linux-x64-gnu", platform));
}
