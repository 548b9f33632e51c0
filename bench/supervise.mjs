// supervise: what the supervisor adds to a running program, a call at a time and for whole tools, as ratios to bare.

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { BenchError } from "./bench-error.mjs";
import { program, root, withPlace } from "./place.mjs";
import { statisticsOf } from "./statistics.mjs";
import { furnishTools } from "./tools.mjs";

const NONO = path.join(root, "dist/nono");
/** Whether there is a workspace guard to be measured. */
const GUARD = spawnSync(NONO, ["run", "--help"], { encoding: "utf8" }).stdout?.includes("--guard") ?? false;
const ROUNDS = 15;
const OPENS = 4000;

/**
 * @typedef {{ name: string, prefix: readonly string[], file?: string, pinned?: boolean }} Case
 * @typedef {{ name: string, ns: number, ratio: number }} CallRow
 * @typedef {{ name: string, bareMs: number, wrapRatio: number, runRatio: number, guardRatio: number | undefined }} ToolRow
 */

/**
 * @param {{ rounds?: number | undefined }} options
 * @returns {Promise<{ text: string, json: { calls: CallRow[], tools: ToolRow[] } }>}
 */
export async function supervise({ rounds = ROUNDS }) {
  if (!fs.existsSync(NONO)) throw new BenchError("dist/nono is not built: npm run build");
  return withPlace(async (place) => {
    const calls = measureCalls(place, rounds);
    const tools = measureTools(place, rounds);
    return { text: reportOf(calls, tools), json: { calls, tools } };
  });
}

/**
 * @param {import("./place.mjs").Place} place
 * @param {number} rounds
 * @returns {CallRow[]}
 */
function measureCalls({ work, outside, env }, rounds) {
  const opens = path.join(work, "opens");
  fs.copyFileSync(program("opens", ["-static"]), opens);
  const granted = path.join(work, "granted");
  fs.writeFileSync(granted, "");
  fs.writeFileSync(outside, "");
  // In a directory that holds a denied name, what is made after the start has no rule of the kernel's.
  const split = path.join(work, "split");
  fs.mkdirSync(split);
  const profile = path.join(env.XDG_CONFIG_HOME ?? "", "nono/profiles/bench.json");
  fs.mkdirSync(path.dirname(profile), { recursive: true });
  fs.writeFileSync(
    profile,
    JSON.stringify({ extends: "default", filesystem: { deny: [path.join(split, "denied")] } }),
  );

  const run = [NONO, "run", "-s", "--allow", work, "--"];
  const served = path.join(split, "served");
  const onBehalf = [
    NONO,
    "run",
    "-s",
    "--profile",
    "bench",
    "--allow",
    work,
    "--",
    "sh",
    "-c",
    `: > ${served}; exec "$@"`,
    "sh",
  ];
  /** @type {Case[]} */
  const cases = [
    { name: "bare", prefix: [], file: granted },
    { name: "wrap, granted", prefix: [NONO, "wrap", "-s", "--allow", work, "--"], file: granted },
    { name: "run, granted", prefix: run, file: granted },
    { name: "run, refused", prefix: run, file: outside },
    { name: "run, on behalf", prefix: onBehalf, file: served },
    { name: "run, on behalf, caller on one processor", prefix: onBehalf, file: served, pinned: true },
  ];
  const samples = cases.map(() => /** @type {number[]} */ ([]));
  for (let round = 0; round < rounds; round++)
    for (const [index, { prefix, file, pinned }] of cases.entries()) {
      fs.rmSync(served, { force: true });
      const command = [...prefix, opens, String(OPENS), String(file), ...(pinned ? ["pinned"] : [])];
      samples[index]?.push(Number(outputOf(command, work, env)));
    }
  const medians = samples.map((values) => statisticsOf(values).median);
  return cases.map(({ name }, index) => ({
    name,
    ns: medians[index] ?? Number.NaN,
    ratio: (medians[index] ?? Number.NaN) / (medians[0] ?? Number.NaN),
  }));
}

/**
 * @param {import("./place.mjs").Place} place
 * @param {number} rounds
 * @returns {ToolRow[]}
 */
function measureTools({ work, env }, rounds) {
  const project = path.join(work, "project");
  return furnishTools(project, env).map(({ name, prepare, command, guarded }) => {
    const common = [
      "-s",
      "--profile",
      "node-dev",
      "--allow",
      work,
      "--read",
      path.join(root, "node_modules"),
      "--",
    ];
    const prefixes = [
      [],
      [NONO, "wrap", ...common],
      [NONO, "run", ...common],
      ...(guarded && GUARD ? [[NONO, "run", "--guard", ...common]] : []),
    ];
    const samples = prefixes.map(() => /** @type {number[]} */ ([]));
    for (let round = 0; round < rounds; round++)
      for (const [index, prefix] of prefixes.entries()) {
        prepare();
        const start = process.hrtime.bigint();
        outputOf([...prefix, ...command], project, env);
        samples[index]?.push(Number(process.hrtime.bigint() - start) / 1e6);
      }
    const [bare = Number.NaN, wrap = Number.NaN, run = Number.NaN, guard] = samples.map(
      (values) => statisticsOf(values).median,
    );
    return {
      name,
      bareMs: bare,
      wrapRatio: wrap / bare,
      runRatio: run / bare,
      guardRatio: guard === undefined ? undefined : guard / bare,
    };
  });
}

/**
 * @param {readonly string[]} command
 * @param {string} cwd
 * @param {NodeJS.ProcessEnv} env
 */
function outputOf([file = "", ...args], cwd, env) {
  const { status, stdout, stderr, error } = spawnSync(file, args, { cwd, env, encoding: "utf8" });
  if (status !== 0)
    throw new BenchError(
      `${[file, ...args].join(" ")} did not run: ${error?.message ?? stderr.trim().slice(0, 400)}`,
    );
  return stdout;
}

/**
 * @param {readonly CallRow[]} calls
 * @param {readonly ToolRow[]} tools
 */
function reportOf(calls, tools) {
  const granted = calls.find(({ name }) => name === "run, granted")?.ratio ?? Number.NaN;
  const behalf = calls.find(({ name }) => name === "run, on behalf")?.ns ?? Number.NaN;
  /** @param {string} goal @param {number} measured @param {number} limit @param {string} unit */
  const goal = (goal, measured, limit, unit) =>
    `${(measured <= limit ? "met" : "not met").padEnd(14)}${goal.padEnd(48)}${measured.toFixed(2)}${unit}`;
  /** @param {string} name */
  const tool = (name) => tools.find((row) => row.name === name);
  return [
    `Opening and closing a file, ${OPENS} times a run, medians.`,
    `${"".padEnd(44)}${"us".padStart(10)}${"/bare".padStart(10)}`,
    ...calls.map(
      ({ name, ns, ratio }) =>
        `${name.padEnd(44)}${(ns / 1000).toFixed(2).padStart(10)}${ratio.toFixed(2).padStart(10)}`,
    ),
    "",
    "Whole tools, start of nono included, medians; ratios to bare.",
    `${"".padEnd(34)}${"bare ms".padStart(10)}${"wrap".padStart(10)}${"run".padStart(10)}${"guard".padStart(10)}`,
    ...tools.map(({ name, bareMs, wrapRatio, runRatio, guardRatio }) =>
      [
        name.padEnd(34),
        bareMs.toFixed(0).padStart(10),
        ...[wrapRatio, runRatio, guardRatio].map((ratio) =>
          (ratio === undefined ? "-" : ratio.toFixed(2)).padStart(10),
        ),
      ].join(""),
    ),
    "",
    "Goals",
    goal("an open within a grant at most 4 x bare", granted, 4, ""),
    goal("an open on behalf at most 50 us", behalf / 1000, 50, " us"),
    goal("git status at most 1.4 x bare", tool("git status")?.runRatio ?? Number.NaN, 1.4, ""),
    goal("the compile at most 1.4 x bare", tool("tsc")?.runRatio ?? Number.NaN, 1.4, ""),
    goal(
      "100 commits under the guard at most 1.3 x",
      tool("100 git commits")?.guardRatio ?? Number.NaN,
      1.3,
      "",
    ),
    goal("npm ci under the guard at most 1.3 x bare", tool("npm ci")?.guardRatio ?? Number.NaN, 1.3, ""),
  ].join("\n");
}
