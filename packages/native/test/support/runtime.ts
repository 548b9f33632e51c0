// Scripts in processes of their own: what the addon does to a process cannot be taken back.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ADDON } from "./native.ts";
import { encode, type PlanSource } from "./plan.ts";
import { makeTree } from "./tree.ts";

/** By name, for `describe.each`. */
export const RUNTIMES = [
  ["Node.js", process.execPath],
  ["Bun", fileURLToPath(new URL("../../../../node_modules/bun/bin/bun.exe", import.meta.url))],
] as const;

/**
 * Runs a module in which `addon`, `fs`, `Worker`, `plans` and `say` stand ready.
 *
 * @returns what it said, one value for each `say`, and how it ended
 */
export async function runScript(
  runtime: string,
  script: string,
  plans: Readonly<Record<string, PlanSource>> = {},
  variables: Readonly<Record<string, string>> = {},
) {
  using tree = makeTree({});
  const bytes = Object.entries(plans).map(([name, plan]) => [name, encode(plan).toString("base64")]);
  writeFileSync(
    tree.at("script.mjs"),
    `import fs from "node:fs";
     import { createRequire } from "node:module";
     import { Worker } from "node:worker_threads";
     const addon = createRequire(import.meta.url)(${JSON.stringify(ADDON)});
     const plans = Object.fromEntries(${JSON.stringify(bytes)}.map(([name, text]) => [name, Buffer.from(text, "base64")]));
     const say = (value) => fs.writeSync(1, JSON.stringify(value) + "\\n");
     ${script}`,
  );
  const child = spawn(runtime, [tree.at("script.mjs")], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...variables },
  });
  const chunks = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    chunks.stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    chunks.stderr += chunk;
  });
  await once(child, "close");
  const said = chunks.stdout.split("\n").filter((line) => line !== "");
  return {
    said: said.map((line) => JSON.parse(line)),
    ...chunks,
    code: child.exitCode,
    signal: child.signalCode,
  };
}
