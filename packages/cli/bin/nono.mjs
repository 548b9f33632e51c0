#!/usr/bin/env node
// nono under Node: the same code as the compiled executable.

import fs from "node:fs";

const main = new URL("../dist/main.js", import.meta.url);
if (fs.existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write("nono: not built yet: run npm run build\n");
  process.exitCode = 126;
}
