// The command line as one executable for a platform. The runtime for another one comes from npm as well.

import fs from "node:fs";
import path from "node:path";
import {
  readMachO,
  signAgain,
  signatureProblems,
  withoutSignature,
} from "../../packages/native/scripts/mach-o.mjs";
import { bunExecutable } from "../bun.mjs";
import { COMPILE } from "../compile.mjs";
import { sayAsNono } from "../runtime-messages.mjs";
import { obeyNoVariables } from "../runtime-variables.mjs";
import { fail, root, step } from "../step.mjs";

/**
 * @param {import("./platforms.mjs").Platform} platform
 * @param {string} file of the same name wherever it lies: its name is compiled in
 */
export function buildExecutable({ bun, os, cpu }, file) {
  const entry = path.join(root, "packages/cli/src/main.ts");
  // Bun leaves its half-made file in the working directory, and compiles in how the sources are reached from there: not
  // by where the result goes.
  const cwd = path.join(root, "node_modules/.cache");
  fs.mkdirSync(cwd, { recursive: true });
  step(bunExecutable(), [...COMPILE, `--target=${bun}`, entry, "--outfile", file], { cwd, quiet: true });
  sayAsNono(file);
  obeyNoVariables(file);
  if (os === "darwin") settleSignature(file, cpu);
}

/**
 * Bun signs what it makes for arm64, where nothing starts without, and leaves its own signature in what it makes for x64:
 * neither is of the file as it is now.
 *
 * @param {string} file
 * @param {"x64" | "arm64"} cpu
 */
function settleSignature(file, cpu) {
  const bytes = fs.readFileSync(file);
  if (cpu === "x64") {
    fs.writeFileSync(file, withoutSignature(bytes));
    return;
  }
  signAgain(bytes);
  const problems = signatureProblems(bytes, readMachO(bytes));
  if (problems.length > 0) fail(`${file}: ${problems.join("; ")}`);
  fs.writeFileSync(file, bytes);
}
