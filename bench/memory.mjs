// How much memory a contender holds while the command that it started runs.

import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { BenchError } from "./bench-error.mjs";

/** A command that has not said by then that it runs hangs. */
const LIMIT_MS = 30_000;

/**
 * @typedef {object} Memory of the process that waits, the command itself left out
 * @property {number} peakMb the most that it had resident (VmHWM)
 * @property {number} residentMb what it has now (VmRSS)
 * @property {number | undefined} treeMb what it and its other processes have, a page that several share counted once
 *   (Pss); undefined where this user may not look into one of them
 * @property {number} processes
 */

/**
 * @param {import("./contenders.mjs").Contender} contender
 * @param {import("./place.mjs").Place} place
 * @returns {Promise<Memory | undefined>} undefined when nothing of it is left beside the command
 */
export async function memoryOf({ name, prefix }, { waiting, work, env }) {
  const [executable = "", ...args] = [...prefix, waiting];
  const child = spawn(executable, args, { cwd: work, env, stdio: ["pipe", "pipe", "ignore"] });
  const ended = once(child, "close");
  const { pid } = child;
  if (pid === undefined) throw new BenchError(`${name} cannot be started`);
  try {
    await once(child.stdout, "data", { signal: AbortSignal.timeout(LIMIT_MS) });
    const own = treeOf(pid).filter(
      (process) => fs.readFileSync(`/proc/${process}/comm`, "utf8").trim() !== "waiting",
    );
    if (!own.includes(pid)) return undefined;
    return {
      peakMb: kilobytes(`/proc/${pid}/status`, "VmHWM") / 1024,
      residentMb: kilobytes(`/proc/${pid}/status`, "VmRSS") / 1024,
      treeMb: sharedMb(own),
      processes: own.length,
    };
  } finally {
    child.stdin.end();
    await ended;
  }
}

/**
 * @param {number} pid
 * @returns {number[]} it and everything below it
 */
function treeOf(pid) {
  const children = fs
    .readdirSync(`/proc/${pid}/task`)
    .flatMap((task) => fs.readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" "));
  return [pid, ...children.filter(Boolean).flatMap((child) => treeOf(Number(child)))];
}

/** @param {readonly number[]} processes */
function sharedMb(processes) {
  try {
    return processes.reduce((sum, pid) => sum + kilobytes(`/proc/${pid}/smaps_rollup`, "Pss"), 0) / 1024;
  } catch (error) {
    // One that has made itself unreadable, or belongs to root.
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EACCES") return undefined;
    throw error;
  }
}

/**
 * @param {string} file
 * @param {string} field
 */
function kilobytes(file, field) {
  const value = new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(fs.readFileSync(file, "utf8"))?.[1];
  if (value === undefined) throw new BenchError(`${file} has no ${field}`);
  return Number(value);
}
