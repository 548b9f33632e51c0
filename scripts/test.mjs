// The whole test run: builds, then the tests of the C, then those of the TypeScript; started by root, these run a
// second time as an ordinary user. The last line is always `N passed, N failed, N skipped`.
//
//   npm test                     everything
//   npm test -- split-grant      only the TypeScript tests whose file name holds `split-grant`

import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { asOrdinaryUser, asStarted } from "./identity.mjs";
import { install } from "./install.mjs";
import { root, step } from "./step.mjs";

/** @typedef {{ passed: number, failed: number, skipped: number, names: string[] }} Counts `names` of what was skipped */

install();
step(process.execPath, ["scripts/build.mjs"]);

const filters = process.argv.slice(2);
/** So many files whose tests fail are no accident. */
const MANY = 3;
/** @type {Counts[]} */
const all = [];
if (filters.length === 0) all.push(await nativeTests());
for (const identity of process.getuid?.() === 0 ? [asStarted, asOrdinaryUser] : [asStarted]) {
  all.push(await typescriptTests(identity));
}

const total = { passed: 0, failed: 0, skipped: 0 };
for (const { passed, failed, skipped, names } of all) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  for (const name of names) console.log(`skipped: ${name}`);
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;

/** @returns {Promise<Counts>} from the count line that ends the output */
async function nativeTests() {
  console.log("\n# C");
  const { status, output } = await runShown(process.execPath, ["packages/native/scripts/test.mjs"]);
  const lines = output.trimEnd().split("\n");
  const count = /^(\d+) passed, (\d+) failed, (\d+) skipped$/.exec(lines.at(-1) ?? "");
  if (count === null) return broken("the C tests ended without a count");
  const [passed, failed, skipped] = /** @type {[number, number, number]} */ (count.slice(1).map(Number));
  const names = lines.filter((line) => line.startsWith("skipped: ")).map((line) => `C: ${line.slice(9)}`);
  return { passed, failed: failed || (status === 0 ? 0 : 1), skipped, names };
}

/**
 * In CI a file of which a test failed runs once more, by itself, after all the others: what only fails beside three hundred
 * other processes says more of the machine than of nono. What fails again has failed, and so has what fails in many files.
 *
 * @param {typeof asStarted} identity
 * @returns {Promise<Counts>} from the report that vitest writes
 */
async function typescriptTests(identity) {
  const place = identity(root);
  try {
    console.log(`\n# TypeScript, as ${place.who}`);
    const { status, files } = await vitest(place, filters);
    if (files.length === 0) return broken(`vitest wrote no report (as ${place.who})`);
    const failed = files.filter((file) => file.status === "failed").map(({ name }) => name);
    if (process.env.CI === undefined || failed.length === 0 || failed.length > MANY)
      return countsOf(files, status, place.who);

    console.log(
      `\n# TypeScript, as ${place.who}, once more: ${failed.map((name) => path.basename(name)).join(", ")}`,
    );
    const again = await vitest(place, failed);
    if (again.files.length < failed.length) return countsOf(files, status, place.who);
    const others = files.filter(({ name }) => !failed.includes(name));
    return countsOf([...others, ...again.files], again.status, place.who);
  } finally {
    place.remove();
  }
}

/**
 * @param {import("./identity.mjs").Place} place
 * @param {string[]} names parts of the names of the files to run; all where there are none
 * @returns {Promise<{ status: number | null, files: any[] }>} the files in the form of Jest's JSON; none where there is no report
 */
async function vitest(place, names) {
  const report = path.join(place.temporary, "report.json");
  fs.rmSync(report, { force: true });
  const { status } = await runShown(
    process.execPath,
    [
      "node_modules/vitest/vitest.mjs",
      "run",
      "--configLoader=runner", // the others write beside the configuration, where not every user may
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
      ...names,
    ],
    place.options,
  );
  return {
    status,
    files: fs.existsSync(report) ? JSON.parse(fs.readFileSync(report, "utf8")).testResults : [],
  };
}

/**
 * @param {any[]} files in the form of Jest's JSON
 * @param {number | null} status vitest's exit code; an error outside of every test shows nowhere else
 * @param {string} who
 * @returns {Counts}
 */
function countsOf(files, status, who) {
  const names = [];
  let [passed, failed] = [0, 0];
  for (const file of files) {
    if (file.status === "failed" && file.assertionResults.length === 0) failed += 1; // it could not be loaded
    for (const { status, fullName } of file.assertionResults) {
      if (status === "passed") passed += 1;
      else if (status === "failed") failed += 1;
      else names.push(`${fullName} (as ${who})`);
    }
  }
  return { passed, failed: failed || (status === 0 ? 0 : 1), skipped: names.length, names };
}

/**
 * @param {string} why
 * @returns {Counts}
 */
function broken(why) {
  console.error(why);
  return { passed: 0, failed: 1, skipped: 0, names: [] };
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 * @returns {Promise<{ status: number | null, output: string }>} the standard output, which is also shown as it comes
 */
function runShown(command, args, options = { cwd: root }) {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "inherit"] });
  /** @type {Buffer[]} */
  const chunks = [];
  child.stdout?.on("data", (chunk) => {
    chunks.push(chunk);
    process.stdout.write(chunk);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, output: Buffer.concat(chunks).toString() }));
  });
}
