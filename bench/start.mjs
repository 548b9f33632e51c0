// start: what a sandbox adds to the start of a command, for nono and its peers in one run.

import os from "node:os";
import { check } from "./check.mjs";
import { bare, ours, peers } from "./contenders.mjs";
import { goalsOf } from "./goals.mjs";
import { compareSpawn } from "./library.mjs";
import { memoryOf } from "./memory.mjs";
import { withPlace } from "./place.mjs";
import { reportOf } from "./report.mjs";
import { time } from "./rounds.mjs";

const ROUNDS = 40;

/**
 * @typedef {import("./contenders.mjs").Contender} Contender
 *
 * @typedef {object} Row
 * @property {string} name
 * @property {string} version
 * @property {readonly string[]} command
 * @property {import("./statistics.mjs").Statistics} wallMs
 * @property {number} cpuMs
 * @property {number} peakMb
 * @property {import("./memory.mjs").Memory | undefined} memory
 *
 * @typedef {object} Result the document of --json
 * @property {{ kernel: string, cores: number, node: string, user: string }} machine
 * @property {number} rounds
 * @property {Row[]} contenders
 * @property {import("./contenders.mjs").LeftOut[]} leftOut
 * @property {import("./library.mjs").Comparison[] | undefined} library
 * @property {import("./goals.mjs").Goal[]} goals
 */

/**
 * @param {{ rounds?: number | undefined, peers?: readonly string[] | undefined, install: boolean }} options
 * @returns {Promise<{ text: string, json: Result }>}
 */
export async function start({ rounds = ROUNDS, ...options }) {
  const result = await withPlace((place) => measure(place, rounds, options));
  return { text: reportOf(result), json: result };
}

/**
 * @param {import("./place.mjs").Place} place
 * @param {number} rounds
 * @param {{ peers?: readonly string[] | undefined, install: boolean }} options
 * @returns {Promise<Result>}
 */
async function measure(place, rounds, options) {
  const { contenders, leftOut } = await checked(place, options);
  const timings = time(
    contenders.map(({ prefix }) => [...prefix, place.still]),
    rounds,
    place,
  );
  /** @type {Row[]} */
  const rows = [];
  for (const [index, contender] of contenders.entries()) {
    const { name, version, prefix, confines } = contender;
    const timing = /** @type {import("./rounds.mjs").Timing} */ (timings[index]);
    const memory = confines.files ? await memoryOf(contender, place) : undefined;
    rows.push({ name, version, command: [...prefix, place.still], ...timing, memory });
  }
  const library = await compareSpawn(place, Math.max(rounds, ROUNDS));

  /** @param {string} name */
  const row = (name) => rows.find((candidate) => candidate.name === name);
  const goals = goalsOf({
    wallOf: (name) => row(name)?.wallMs,
    peakMb: row("nono run")?.memory?.peakMb,
    library,
  });
  return { machine: machine(), rounds, contenders: rows, leftOut, library, goals };
}

/**
 * @param {import("./place.mjs").Place} place
 * @param {{ peers?: readonly string[] | undefined, install: boolean }} options
 */
async function checked(place, options) {
  const { found, leftOut } = peers(place.work, options);
  const nono = ours();
  if (nono.length === 0) leftOut.unshift({ name: "nono", why: "dist/nono is not built: npm run build" });
  /** @type {Contender[]} */
  const contenders = [];
  for (const contender of [bare(), ...nono, ...found]) {
    const why = await check(contender, place);
    if (why === undefined) contenders.push(contender);
    else leftOut.push({ name: contender.name, why });
  }
  return { contenders, leftOut };
}

function machine() {
  const user = process.getuid?.() === 0 ? "root" : "an ordinary user";
  return { kernel: os.release(), cores: os.availableParallelism(), node: process.versions.node, user };
}
