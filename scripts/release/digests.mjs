// SHA256SUMS, in the form that `sha256sum --check` reads.

import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

/** @param {string} directory of the files, which it is written beside */
export function writeDigests(directory) {
  const names = fs.readdirSync(directory, { recursive: true, encoding: "utf8" }).sort();
  const files = names.filter((name) => fs.statSync(path.join(directory, name)).isFile());
  const lines = files.map((name) => `${digestOf(path.join(directory, name))}  ${name}\n`);
  fs.writeFileSync(path.join(directory, "SHA256SUMS"), lines.join(""));
}

/** @param {string} file */
function digestOf(file) {
  return createHash("sha256").update(fs.readFileSync(file)).digest("hex");
}
