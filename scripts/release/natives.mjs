// The C for a platform: what is started and the launcher, static, which need no libc there, and the addon.

import path from "node:path";
import { FLAGS, nodeApi, PRODUCTS, root, sources } from "../../packages/native/scripts/compile.mjs";
import { buildDarwin } from "../../packages/native/scripts/darwin.mjs";
import { zigCc } from "../../packages/native/scripts/zig.mjs";

/** musl's own macros compare signed with unsigned. */
const MUSL = ["-Wno-sign-compare"];

/**
 * @param {import("./platforms.mjs").Platform} platform
 * @param {string} directory absolute
 */
export function buildNatives({ zig, cpu }, directory) {
  if (zig === undefined) {
    buildDarwin(cpu, directory);
    return;
  }
  const musl = `${cpu === "x64" ? "x86_64" : "aarch64"}-linux-musl`;
  for (const { output, folders, flags, isStatic } of PRODUCTS) {
    const target = isStatic ? musl : zig;
    const warnings = target === musl ? MUSL : [];
    // Relative paths: what the compiler is called with must not depend on where the checkout lies.
    const files = folders.flatMap(sources).map((file) => path.relative(root, file));
    const args = [...FLAGS, ...warnings, "-Os", ...flags(path.relative(root, nodeApi()))];
    zigCc(target, [...args, "-o", path.join(directory, output), ...files]);
  }
}
