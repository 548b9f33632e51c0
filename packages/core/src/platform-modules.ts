// Modules of the platform that are loaded when they are asked for. Most starts need nothing of them, and loading one takes
// Bun half a millisecond, or, with the streams that it wants in turn, seven.

import { createRequire } from "node:module";

const load = (name: string): unknown => createRequire(import.meta.url)(name);

export function systemModule(): typeof import("node:os") {
  return load("node:os") as typeof import("node:os");
}

export function cryptoModule(): typeof import("node:crypto") {
  return load("node:crypto") as typeof import("node:crypto");
}

export function zlibModule(): typeof import("node:zlib") {
  return load("node:zlib") as typeof import("node:zlib");
}
