// `npm run test:agents`: the suite is TypeScript, which the Node.js of users does not run yet, so Bun does.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { bunExecutable } from "../../../../scripts/bun.mjs";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const { status, signal } = spawnSync(bunExecutable(), [main, ...process.argv.slice(2)], { stdio: "inherit" });
if (signal) console.error(`test:agents: ended by ${signal}`);
process.exitCode = status ?? 1;
