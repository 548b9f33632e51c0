// profile-start: where the time of one start of nono goes, by the system calls at which one stage ends and the next
// begins. Needs strace, which stops the program at these calls alone (--seccomp-bpf), so that the rest runs at its own
// speed; how much is lost is said. The work of each stage, which no machine makes slower, is counted in a run apart.

import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { bunExecutable } from "../scripts/bun.mjs";
import { BenchError } from "./bench-error.mjs";
import { check } from "./check.mjs";
import { ours } from "./contenders.mjs";
import { cache, withPlace } from "./place.mjs";
import { time } from "./rounds.mjs";
import { MARKS, stagesOf } from "./stages.mjs";
import { statisticsOf } from "./statistics.mjs";

const ROUNDS = 20;
const TRIES = 5;

/**
 * @typedef {object} Profile the document of --json is a list of them
 * @property {string} name
 * @property {number} wallMs median, not traced
 * @property {number} tracedMs median, stopped at the marks
 * @property {{ stage: string, ms: number, calls: number, most: string }[]} stages `ms` median; `most`: frequent calls
 */

/** @param {{ rounds?: number | undefined }} options */
export async function profileStart({ rounds = ROUNDS }) {
  const contenders = ours();
  if (contenders.length === 0) throw new BenchError("dist/nono is not built: npm run build");
  return withPlace(async (place) => {
    const empty = time([[emptyExecutable()]], rounds, place)[0]?.wallMs.median ?? Number.NaN;
    /** @type {Profile[]} */
    const profiles = [];
    for (const contender of contenders) {
      await check(contender, place);
      profiles.push(profile(contender, place, rounds));
    }
    return { text: textOf(profiles, empty), json: { emptyExecutableMs: empty, profiles } };
  });
}

/**
 * @param {import("./contenders.mjs").Contender} contender
 * @param {import("./place.mjs").Place} place
 * @param {number} rounds
 * @returns {Profile}
 */
function profile({ name, prefix }, place, rounds) {
  const command = [...prefix, place.still];
  const wallMs = time([command], rounds, place)[0]?.wallMs.median ?? Number.NaN;
  const marks = ["--seccomp-bpf", "-e", `trace=${MARKS.join(",")}`];
  const timed = Array.from({ length: rounds }, () => stagesOf(trace(command, marks, place), place.still));
  // Where a supervisor answers for the command's execve, strace does not stop there.
  const known = timed[0]?.map(({ stage }) => stage);
  const counted = stagesOf(trace(command, [], place), place.still, known);
  const stages = counted.map(({ stage, calls }, index) => ({
    stage,
    ms: statisticsOf(timed.map((run) => run[index]?.ms ?? 0)).median,
    calls: calls.length,
    most: mostOf(calls),
  }));
  const tracedMs = statisticsOf(timed.map((run) => run.reduce((sum, { ms }) => sum + ms, 0))).median;
  return { name, wallMs, tracedMs, stages };
}

/**
 * @param {readonly string[]} command
 * @param {readonly string[]} flags
 * @param {import("./place.mjs").Place} place
 * @returns {string} one line for each call: process, seconds, call
 */
function trace(command, flags, { work, env }) {
  const output = path.join(path.dirname(work), "trace");
  const args = ["-f", "-ttt", ...flags, "-o", output, ...command];
  let said = "";
  // strace gives up when a process that it has stopped is killed: nono kills the tree that it started, stopped first.
  for (let tries = 0; tries < TRIES; tries++) {
    const { status, error, stderr } = spawnSync("strace", args, { cwd: work, env, encoding: "utf8" });
    if (status === 0) return fs.readFileSync(output, "utf8");
    said = error?.message ?? stderr.trim().split("\n").at(-1) ?? "";
  }
  throw new BenchError(`strace: ${said}`);
}

/**
 * The three calls that are made most.
 *
 * @param {readonly string[]} calls
 */
function mostOf(calls) {
  const counts = new Map();
  for (const call of calls) counts.set(call, (counts.get(call) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a).slice(0, 3);
  return sorted.map(([call, count]) => `${call} ${count}`).join(", ");
}

/** What Bun itself needs: an executable of no line, compiled as dist/nono is. */
function emptyExecutable() {
  const directory = path.join(cache(), "programs");
  const executable = path.join(directory, "empty-bun");
  if (fs.existsSync(executable)) return executable;
  fs.mkdirSync(directory, { recursive: true });
  const source = path.join(directory, "empty.js");
  fs.writeFileSync(source, "");
  const flags = ["--no-compile-autoload-dotenv", "--no-compile-autoload-bunfig"];
  const args = ["build", "--compile", ...flags, source, "--outfile", executable];
  execFileSync(bunExecutable(), args, { cwd: directory, stdio: "ignore" });
  return executable;
}

/**
 * @param {readonly Profile[]} profiles
 * @param {number} emptyMs
 */
function textOf(profiles, emptyMs) {
  return [
    `An executable of Bun that does nothing: ${emptyMs.toFixed(2)} ms, all within the first stage.`,
    ...profiles.flatMap(({ name, wallMs, tracedMs, stages }) => [
      "",
      `${name}: ${wallMs.toFixed(2)} ms; stopped at the marks ${tracedMs.toFixed(2)} ms, of these`,
      "     ms  calls  until",
      ...stages.map(
        ({ stage, ms, calls, most }) =>
          `${ms.toFixed(2).padStart(7)}${String(calls).padStart(7)}  ${stage}${most && `\n${" ".repeat(18)}${most}`}`,
      ),
    ]),
  ].join("\n");
}
