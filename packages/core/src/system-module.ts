// node:os, loaded when it is asked for: most starts need nothing of it, and loading it takes half a millisecond.

import { createRequire } from "node:module";

export function systemModule(): typeof import("node:os") {
  return createRequire(import.meta.url)("node:os");
}
