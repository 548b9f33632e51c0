// nono's snapshots and programs that keep states of a tree, each with the same five steps.

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { BenchError } from "./bench-error.mjs";
import { root } from "./place.mjs";

const BUN = path.join(root, "node_modules/bun/bin/bun.exe");
const STEP = path.join(root, "bench/snapshot-step.mjs");
const ADDON = path.join(root, "packages/native/dist/nono.node");

/**
 * @typedef {readonly string[]} Command
 *
 * @typedef {object} Keeper
 * @property {string} name
 * @property {string} version
 * @property {readonly Command[]} prepare of an empty store; not timed
 * @property {(id: string) => Command} baseline
 * @property {((id: string) => Command) | undefined} final what only a session of ours has: what an agent left
 * @property {(id: string) => Command} restore after the tree was removed
 * @property {NodeJS.ProcessEnv} env
 */

/**
 * @param {string} tree
 * @param {string} store
 * @param {string} program a directory that is not there yet, for what is compiled
 * @returns {Keeper}
 */
export function nono(tree, store, program) {
  if (![BUN, ADDON].every((file) => fs.existsSync(file)))
    throw new BenchError("the library is not built: npm run build");
  fs.mkdirSync(program, { recursive: true });
  const step = [path.join(program, "step")];
  const options = ["--compile", "--bytecode", "--format=esm", "--conditions=source"];
  const { status, stderr } = spawnSync(BUN, ["build", STEP, ...options, `--outfile=${step[0]}`], {
    encoding: "utf8",
  });
  if (status !== 0) throw new BenchError(`the library cannot be compiled: ${stderr}`);
  fs.copyFileSync(ADDON, path.join(program, "nono.node"));
  return {
    name: "nono",
    version: "",
    prepare: [],
    baseline: (id) => [...step, "take", store, id, tree],
    final: (id) => [...step, "end", store, id],
    restore: (id) => [...step, "restore", store, id],
    env: {},
  };
}

/**
 * @param {string} tree
 * @param {(name: string) => string} storeOf a directory for each, which is not there yet
 * @returns {Keeper[]} those that are installed
 */
export function keepers(tree, storeOf) {
  const git = ["git", "-C", tree, `--git-dir=${storeOf("git")}`, `--work-tree=${tree}`];
  const restic = ["restic", "-q", "-r", storeOf("restic")];
  const borg = storeOf("borg");
  /** @type {Keeper[]} */
  const all = [
    {
      name: "git add -A",
      version: versionOf(["git", "--version"]),
      prepare: [[...git, "init", "-q"]],
      baseline: () => [...git, "add", "-A"],
      final: undefined,
      restore: () => ["sh", "-c", 'mkdir "$0" && exec "$@"', tree, ...git, "checkout-index", "-q", "-a"],
      env: {},
    },
    {
      name: "restic",
      version: versionOf(["restic", "version"]),
      prepare: [[...restic, "init"]],
      baseline: () => [...restic, "backup", tree],
      final: undefined,
      restore: () => [...restic, "restore", "latest", "--target", "/"],
      env: { RESTIC_PASSWORD: "bench", RESTIC_CACHE_DIR: `${storeOf("restic")}-cache` },
    },
    {
      name: "borg",
      version: versionOf(["borg", "--version"]),
      prepare: [["borg", "init", "-e", "none", borg]],
      baseline: (id) => ["borg", "create", `${borg}::${id}`, tree],
      final: undefined,
      restore: (id) => ["borg", "extract", `${borg}::${id}`],
      env: { BORG_BASE_DIR: `${borg}-base`, BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK: "yes" },
    },
  ];
  return all.filter(({ version }) => version !== "");
}

/** The first number that a program says of itself. @param {Command} command */
function versionOf([file = "", ...args]) {
  const { status, stdout } = spawnSync(file, args, { encoding: "utf8" });
  return status === 0 ? (/[0-9]+(\.[0-9]+)+/.exec(stdout)?.[0] ?? "") : "";
}
