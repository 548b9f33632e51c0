// The executable's runtime obeys variables that load code, or that make it another program. What a project puts into the
// environment (direnv and its like) must not steer what confines it, and Bun has no option that turns them off.

import fs from "node:fs";

/**
 * Each also as the beginning of longer names: `BUN_INSPECT_PRELOAD`. The last is an option of the JavaScript engine, set by
 * `BUN_JSC_functionOverrides`: a file with other bodies for functions. (On Linux none of them come so far: src/front.)
 */
const OBEYED = ["BUN_OPTIONS", "BUN_BE_BUN", "BUN_INSPECT", "functionOverrides"];

/**
 * Replaces the names in place by such as no shell can set.
 *
 * @param {string} executable
 * @throws Error when a newer Bun has other names: then this file has to follow
 */
export function obeyNoVariables(executable) {
  const bytes = fs.readFileSync(executable);
  for (const name of OBEYED) {
    let at = bytes.indexOf(name);
    if (at < 0) throw new Error(`${name} is not in ${executable}`);
    for (; at >= 0; at = bytes.indexOf(name, at + 1)) bytes[at] = "=".charCodeAt(0);
  }
  fs.writeFileSync(executable, bytes);
}
