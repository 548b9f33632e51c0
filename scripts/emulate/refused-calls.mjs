// Which system calls the baseline refuses whatever their arguments, read from its listing: the golden file that people read.

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { root } from "../step.mjs";

/**
 * @param {"aarch64" | "x86_64"} arch
 * @returns {Promise<readonly { name: string, number: number, error: string }[]>} `error` as the probe says it
 */
export async function refusedCalls(arch) {
  // Built just now.
  const { SYSCALLS } = await import(path.join(root, "packages/core/dist/seccomp/syscalls.js"));
  const listing = path.join(root, `packages/core/src/seccomp/golden/baseline.${arch}.golden.txt`);
  const rows = [...fs.readFileSync(listing, "utf8").matchAll(/^ {2}(E[A-Z]+) {2}((?:\w+, )*\w+)$/gm)];
  return rows.flatMap(([, error, names]) =>
    String(names)
      .split(", ")
      .map((name) => ({
        name,
        number: SYSCALLS[arch][name],
        error: `errno ${os.constants.errno[/** @type {"EPERM"} */ (error)]}`,
      })),
  );
}
