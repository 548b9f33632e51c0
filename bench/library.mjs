// The library's `spawn` against Node's own, of the same static command, in turns and in one Node process.

import childProcess from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { BenchError } from "./bench-error.mjs";
import { root } from "./place.mjs";
import { statisticsOf } from "./statistics.mjs";

const LIBRARY = path.join(root, "packages/core/dist/index.js");
const NATIVE = path.join(root, "packages/native/dist/nono.node");
const WARM_UPS = 5;

/** As users have it by default, with three streams, and with none. */
const STDIO = /** @type {const} */ (["pipe", "ignore"]);

/**
 * @typedef {object} Comparison
 * @property {"pipe" | "ignore"} stdio
 * @property {import("./statistics.mjs").Statistics} nodeMs from the call of `spawn` to the event `close`
 * @property {import("./statistics.mjs").Statistics} nonoMs with the plan compiled in each call
 * @property {import("./statistics.mjs").Statistics} plannedMs with a plan that was compiled once
 */

/**
 * @param {import("./place.mjs").Place} place
 * @param {number} rounds
 * @returns {Promise<Comparison[] | undefined>} undefined where the library is not built
 */
export async function compareSpawn(place, rounds) {
  if (![LIBRARY, NATIVE].every((file) => fs.existsSync(file))) return undefined;
  const { AccessMode, CapabilitySet, compilePlan, spawn } = await import(pathToFileURL(LIBRARY).href);
  const capabilities = new CapabilitySet()
    .allowPath("/usr", AccessMode.Read)
    .allowPath("/etc", AccessMode.Read)
    .allowPath(place.work, AccessMode.ReadWrite)
    .blockNetwork();
  const plan = compilePlan(capabilities, {});
  await mustConfine(() => spawn(place.attempt, [place.inside, place.outside, "9"], { capabilities }), place);

  const starts = /** @type {const} */ ({
    nodeMs: (/** @type {object} */ options) => childProcess.spawn(place.still, [], options),
    nonoMs: (/** @type {object} */ options) => spawn(place.still, [], { ...options, capabilities }),
    plannedMs: (/** @type {object} */ options) => spawn(place.still, [], { ...options, plan }),
  });
  /** @type {Comparison[]} */
  const comparisons = [];
  for (const stdio of STDIO) {
    /** @type {Record<string, number[]>} */
    const times = { nodeMs: [], nonoMs: [], plannedMs: [] };
    for (let round = -WARM_UPS; round < rounds; round++) {
      for (const [name, start] of Object.entries(starts)) {
        const ms = await timeOf(() => start({ cwd: place.work, stdio }));
        if (round >= 0) times[name]?.push(ms);
      }
    }
    const statistics = Object.entries(times).map(([name, values]) => [name, statisticsOf(values)]);
    comparisons.push({ stdio, ...Object.fromEntries(statistics) });
  }
  return comparisons;
}

/** @param {() => childProcess.ChildProcess} start */
async function timeOf(start) {
  const begin = performance.now();
  await ended(start());
  return performance.now() - begin;
}

/** @param {childProcess.ChildProcess} child */
async function ended(child) {
  for (const stream of [child.stdout, child.stderr]) stream?.resume();
  const [code, signal] = await once(child, "close");
  if (code !== 0)
    throw new BenchError(`a measured spawn of the library ended with ${signal ?? `code ${code}`}`);
}

/**
 * @param {() => childProcess.ChildProcess} attempt
 * @param {import("./place.mjs").Place} place
 */
async function mustConfine(attempt, { inside, outside }) {
  for (const file of [inside, outside]) fs.writeFileSync(file, "");
  await ended(attempt());
  const [granted, refused] = [inside, outside].map((file) => fs.readFileSync(file, "utf8"));
  if (granted === "" || refused !== "") throw new BenchError("the library's spawn does not confine as asked");
}
