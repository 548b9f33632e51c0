// Times whole processes in turns, with programs/rounds.c.

import { spawnSync } from "node:child_process";
import { BenchError } from "./bench-error.mjs";
import { program } from "./place.mjs";
import { statisticsOf } from "./statistics.mjs";

const WARM_UPS = 3;

/** Any; the same one, so that two runs of the bench have the same order. */
const SEED = 20_260_801;

/**
 * @typedef {object} Timing
 * @property {import("./statistics.mjs").Statistics} wallMs from the start until it has been waited for
 * @property {readonly number[]} wallsMs the same, round by round
 * @property {readonly number[]} cpusMs
 * @property {number} cpuMs median, of the process and of those it has waited for
 * @property {number} peakMb greatest resident memory of one process among these
 */

/**
 * @param {readonly (readonly string[])[]} commands
 * @param {number} rounds
 * @param {{ work: string, env: NodeJS.ProcessEnv }} place
 * @returns {Timing[]} in the order of the commands
 * @throws BenchError when one of them ends with anything but 0
 */
export function time(commands, rounds, { work, env }) {
  const args = [WARM_UPS, rounds, SEED, ...commands.flatMap((command) => [command.length, ...command])];
  const options = { cwd: work, env, encoding: /** @type {const} */ ("utf8"), maxBuffer: 1 << 28 };
  const { status, stdout, stderr, error } = spawnSync(program("rounds"), args.map(String), options);
  if (status !== 0)
    throw new BenchError(`a measured command did not run: ${error?.message ?? stderr.trim()}`);

  const runs = stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.split(" ").map(Number));
  return commands.map((_, index) => {
    const own = runs.filter(([command]) => command === index);
    const wallsMs = own.map(([, wall = Number.NaN]) => wall / 1e6);
    const cpusMs = own.map(([, , cpu = Number.NaN]) => cpu / 1e3);
    return {
      wallsMs,
      cpusMs,
      wallMs: statisticsOf(wallsMs),
      cpuMs: statisticsOf(cpusMs).median,
      peakMb: Math.max(...own.map(([, , , peak = Number.NaN]) => peak / 1024)),
    };
  });
}
