// Where the bench works: the programs that it compiles and the peers that it installs stay in a cache outside the
// checkout; each run has a directory of its own.

import { spawnSync } from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { BenchError } from "./bench-error.mjs";

/** The checkout. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** @returns {string} `$XDG_CACHE_HOME/nono-bench` */
export function cache() {
  return path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "nono-bench");
}

/**
 * @typedef {object} Place
 * @property {string} work the working directory of what is measured, which every contender may write
 * @property {string} outside a file that none may write
 * @property {string} inside a file in `work`
 * @property {string} still the command that is measured
 * @property {string} attempt tries what is not granted
 * @property {string} waiting runs until its input ends
 * @property {NodeJS.ProcessEnv} env
 */

/**
 * Makes the directory of one run, not below /tmp, which some peers grant to every command.
 *
 * @template Result
 * @param {(place: Place) => Promise<Result>} use
 */
export async function withPlace(use) {
  fs.mkdirSync(cache(), { recursive: true });
  const directory = fs.mkdtempSync(path.join(fs.realpathSync(cache()), "run-"));
  try {
    return await use(furnish(directory));
  } finally {
    fs.rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * @param {string} directory
 * @returns {Place}
 */
function furnish(directory) {
  const work = made("work", directory);
  fs.writeFileSync(
    path.join(directory, "srt.json"),
    JSON.stringify({
      network: { allowedDomains: [], deniedDomains: [] },
      filesystem: { denyRead: [], allowWrite: [work], denyWrite: [] },
    }),
  );
  return {
    work,
    inside: path.join(work, "inside"),
    outside: path.join(directory, "outside"),
    still: placed("still", work),
    attempt: placed("attempt", work),
    waiting: placed("waiting", work),
    // The programs know nobody's configuration, and leave nothing behind.
    env: {
      ...process.env,
      XDG_CONFIG_HOME: made("config", directory),
      XDG_STATE_HOME: made("state", directory),
      CODEX_HOME: made("codex", directory),
    },
  };
}

/**
 * @param {string} name
 * @param {string} parent
 */
function made(name, parent) {
  const directory = path.join(parent, name);
  fs.mkdirSync(directory);
  return directory;
}

/**
 * A program where every sandbox can reach it.
 *
 * @param {string} name
 * @param {string} directory
 */
function placed(name, directory) {
  const file = path.join(directory, name);
  fs.copyFileSync(program(name, ["-static"]), file);
  return file;
}

/**
 * Compiles `programs/NAME.c`, once for each of its versions.
 *
 * @param {string} name
 * @param {readonly string[]} [flags]
 * @returns {string} the executable
 */
export function program(name, flags = []) {
  const source = path.join(root, "bench/programs", `${name}.c`);
  const digest = crypto
    .createHash("sha256")
    .update(fs.readFileSync(source))
    .update(flags.join(" "))
    .digest("hex");
  const executable = path.join(cache(), "programs", `${name}-${digest.slice(0, 16)}`);
  if (fs.existsSync(executable)) return executable;

  fs.mkdirSync(path.dirname(executable), { recursive: true });
  const temporary = `${executable}.${process.pid}.tmp`;
  const args = ["-O2", "-Wall", "-Wextra", "-Werror", ...flags, source, "-o", temporary];
  const { status, error, stderr } = spawnSync("cc", args, { encoding: "utf8" });
  if (status !== 0) throw new BenchError(`${name}.c does not compile: ${error?.message ?? stderr.trim()}`);
  fs.renameSync(temporary, executable);
  return executable;
}
