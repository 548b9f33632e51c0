// audit: what the record of a session costs: at a start, in a build that executes thousands of programs, and when it is read
// again.

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { reportOf } from "./audit-report.mjs";
import { BenchError } from "./bench-error.mjs";
import { root, withPlace } from "./place.mjs";
import { time } from "./rounds.mjs";
import { statisticsOf } from "./statistics.mjs";

const NONO = path.join(root, "dist/nono");
const BUN = path.join(root, "node_modules/bun/bin/bun.exe");
const STEP = path.join(import.meta.dirname, "audit-step.mjs");

/** Of the trivial command; of the build a quarter. */
const ROUNDS = 40;
/** Each is compiled by three programs. */
const SOURCES = 700;
const EVENTS = 1_000_000;
/** Events that are made durable together. */
const BATCH = 50;

/**
 * @typedef {object} Pair medians; of `added` those of the rounds, each of which has both, one after the other in any order
 * @property {number} withoutMs
 * @property {number} withMs
 * @property {number} addedMs
 * @property {number} addedPart of the time without
 * @property {number} addedCpuMs of nono itself: the command's tree is not waited for by it
 *
 * @typedef {object} Result
 * @property {number} rounds
 * @property {Pair} trivial
 * @property {Pair & { executed: number, cpuMs: number }} build `cpuMs`: of the build, without nono
 * @property {{ events: number, batch: number, perSecond: number }} append
 * @property {{ events: number, ms: number }} verify
 */

/**
 * @param {{ rounds?: number | undefined }} options
 * @returns {Promise<{ text: string, json: Result }>}
 */
export async function audit({ rounds = ROUNDS }) {
  if (!fs.existsSync(NONO)) throw new BenchError("dist/nono is not built: npm run build");
  return withPlace(async (place) => {
    const run = [NONO, "run", "-s", "--allow", place.work];
    const trivial = pairOf(run, [place.still], rounds, place);
    const build = buildIn(place, run, Math.max(1, Math.round(rounds / 4)));
    const state = path.join(path.dirname(place.work), "million");
    const append = appended(state);
    const verify = verified({ ...place, env: { ...place.env, XDG_STATE_HOME: state } });
    const result = { rounds, trivial, build, append, verify };
    return { text: reportOf(result), json: result };
  });
}

/**
 * @param {readonly string[]} run
 * @param {readonly string[]} command
 * @param {number} rounds
 * @param {import("./place.mjs").Place} place
 * @returns {Pair}
 */
function pairOf(run, command, rounds, place) {
  const commands = [
    [...run, "--no-audit", "--", ...command],
    [...run, "--", ...command],
  ];
  const [without, recorded] = time(commands, rounds, place);
  if (without === undefined || recorded === undefined) throw new BenchError("nothing was measured");
  return {
    withoutMs: without.wallMs.median,
    withMs: recorded.wallMs.median,
    addedMs: median(differences(without.wallsMs, recorded.wallsMs)),
    addedPart: median(differences(without.wallsMs, recorded.wallsMs).map(partOf(without.wallsMs))),
    addedCpuMs: median(differences(without.cpusMs, recorded.cpusMs)),
  };
}

/**
 * What the machine does besides hits both of a round alike: so their difference is steadier than that of two medians.
 *
 * @param {readonly number[]} without
 * @param {readonly number[]} recorded
 */
function differences(without, recorded) {
  return recorded.map((ms, round) => ms - (without[round] ?? Number.NaN));
}

/** @param {readonly number[]} whole @returns {(ms: number, round: number) => number} */
function partOf(whole) {
  return (ms, round) => ms / (whole[round] ?? Number.NaN);
}

/** @param {readonly number[]} values */
function median(values) {
  return statisticsOf(values).median;
}

/**
 * @param {import("./place.mjs").Place} place
 * @param {readonly string[]} run
 * @param {number} rounds
 */
function buildIn(place, run, rounds) {
  const sources = path.join(place.work, "sources");
  fs.mkdirSync(sources);
  for (let index = 0; index < SOURCES; index++)
    fs.writeFileSync(
      path.join(sources, `unit${index}.c`),
      `#include <stdio.h>\n#include <stdlib.h>\nint unit${index}(int a) { return printf("%d", abs(a)); }\n`,
    );
  const script = `cd '${sources}' && ls | xargs -n1 -P2 cc -O1 -Wall -c -o /dev/null`;
  const pair = pairOf(run, ["sh", "-c", script], rounds, place);
  return { ...pair, executed: executedIn(place), cpuMs: cpuOf(script) };
}

/** Of the programs that a script starts, user and system. @param {string} script */
function cpuOf(script) {
  const { stdout } = spawnSync("sh", ["-c", `{ ${script}; } > /dev/null; times`], { encoding: "utf8" });
  const times = stdout.trim().split("\n").at(-1)?.split(" ") ?? [];
  const seconds = times.map((text) => {
    const [, minutes, rest] = /^(\d+)m([\d.]+)s$/.exec(text) ?? [];
    return Number(minutes) * 60 + Number(rest);
  });
  return seconds.reduce((sum, one) => sum + one, 0) * 1000;
}

/** In the last session. @param {import("./place.mjs").Place} place */
function executedIn({ env }) {
  const { stdout } = spawnSync(NONO, ["audit", "show", "--json"], {
    env,
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  const { events } = JSON.parse(stdout);
  return events.filter((/** @type {{ kind: string }} */ { kind }) => kind === "executed").length;
}

/** @param {string} state @returns {Result["append"]} */
function appended(state) {
  fs.mkdirSync(path.join(state, "nono"), { recursive: true });
  const directory = path.join(state, "nono/audit");
  const args = [STEP, directory, String(EVENTS), String(BATCH)];
  const { stdout, stderr, status } = spawnSync(BUN, args, { encoding: "utf8" });
  if (status !== 0) throw new BenchError(`nothing was appended: ${stderr.trim().slice(0, 400)}`);
  return { events: EVENTS, batch: BATCH, perSecond: Number(stdout) };
}

/** @param {import("./place.mjs").Place} place @returns {Result["verify"]} */
function verified(place) {
  const [timing] = time([[NONO, "audit", "verify", "--all"]], 3, place);
  if (timing === undefined) throw new BenchError("nothing was verified");
  return { events: EVENTS, ms: timing.wallMs.median };
}
