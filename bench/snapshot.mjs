// snapshot: what a session's snapshots cost beside programs that keep states of a tree, and beside what no snapshot can do
// without: walking the tree, hashing it, copying it.

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { BenchError } from "./bench-error.mjs";
import { withPlace } from "./place.mjs";
import { keepers, nono } from "./snapshot-contenders.mjs";
import { reportOf } from "./snapshot-report.mjs";
import { editEvery, makeSourceTree } from "./source-tree.mjs";
import { statisticsOf } from "./statistics.mjs";

const FILES = [20_000, 200_000];
/** Of the smallest tree; of one ten times as large a tenth. */
const ROUNDS = 5;
const SESSIONS = 10;
/** Every hundredth file is changed. */
const CHANGED = 100;

/**
 * @typedef {import("./snapshot-contenders.mjs").Keeper} Keeper
 * @typedef {"first" | "second" | "changed" | "restore"} Step
 *
 * @typedef {object} Row
 * @property {string} name
 * @property {string} version
 * @property {Partial<Record<Step, number>>} ms medians
 * @property {{ one: number, ten: number } | undefined} bytes on disk after one session, and after ten
 *
 * @typedef {object} Result of one tree
 * @property {number} files
 * @property {number} bytes
 * @property {number} rounds
 * @property {number} changedBytes written between the ten sessions
 * @property {Row[]} rows
 */

/**
 * @param {{ rounds?: number | undefined, files?: readonly number[] | undefined }} options
 * @returns {Promise<{ text: string, json: Result[] }>}
 */
export async function snapshot({ rounds = ROUNDS, files = FILES }) {
  /** @type {Result[]} */
  const results = [];
  for (const count of files)
    results.push(
      await withPlace(async (place) =>
        new Bench(place, count, Math.max(1, Math.round((rounds * 20_000) / count))).run(),
      ),
    );
  return { text: results.map(reportOf).join("\n\n"), json: results };
}

class Bench {
  /**
   * @param {import("./place.mjs").Place} place
   * @param {number} count
   * @param {number} rounds
   */
  constructor(place, count, rounds) {
    this.work = place.work;
    this.env = place.env;
    this.count = count;
    this.rounds = rounds;
    this.tree = path.join(place.work, "tree");
    this.copy = path.join(place.work, "copy");
    /** @type {Map<string, number[]>} */
    this.samples = new Map();
  }

  /** @returns {Result} */
  run() {
    const { files, bytes } = makeSourceTree(this.tree, this.count);
    spawnSync("cp", ["-a", this.tree, this.copy]);
    const all = this.keepers();
    for (let round = 0; round < this.rounds; round++) this.round(all, files, round);
    const { one, ten, changedBytes } = this.sessions(all, files);
    /** @type {[string, Step, string[]][]} */
    const references = [
      ["stat walk (find)", "second", ["walk"]],
      ["hashing all (sha256sum)", "first", ["hash"]],
      ["cp -r", "restore", ["copy"]],
    ];
    return {
      files: this.count,
      bytes,
      rounds: this.rounds,
      changedBytes,
      rows: [
        ...references.map(([name, step, [key = ""]]) => ({
          name,
          version: "",
          ms: { [step]: this.median(key) },
          bytes: undefined,
        })),
        ...all.map(({ name, version }) => ({
          name,
          version,
          ms: Object.fromEntries(
            ["first", "second", "changed", "restore"].map((step) => [step, this.median(`${name} ${step}`)]),
          ),
          bytes: { one: one.get(name) ?? Number.NaN, ten: ten.get(name) ?? Number.NaN },
        })),
      ],
    };
  }

  keepers() {
    const own = nono(this.tree, this.storeOf("nono"), path.join(this.work, "program"));
    return [own, ...keepers(this.tree, (name) => this.storeOf(name))];
  }

  /** @param {string} name */
  storeOf(name) {
    return path.join(this.work, `store-${name}`);
  }

  /** @param {string} key */
  median(key) {
    return statisticsOf(this.samples.get(key) ?? [Number.NaN]).median;
  }

  /**
   * @param {readonly Keeper[]} all
   * @param {readonly string[]} files
   * @param {number} round
   */
  round(all, files, round) {
    for (const keeper of all) this.empty(keeper);
    this.time("walk", ["find", this.tree, "-printf", "%s %T@\n"]);
    this.time("hash", ["sh", "-c", `find '${this.tree}' -type f -print0 | xargs -0 sha256sum`]);
    for (const [index, step] of /** @type {const} */ (["first", "second", "changed"]).entries()) {
      if (step === "changed") editEvery(files, CHANGED, round);
      // Younger than a tick of the kernel's clock no state is to be trusted.
      spawnSync("sleep", ["0.1"]);
      for (const keeper of all)
        this.time(`${keeper.name} ${step}`, keeper.baseline(`s-${index}`), keeper.env);
    }
    for (const keeper of all) {
      this.removeTree();
      if (keeper.final) this.call(keeper.final("s-2"), keeper.env);
      this.time(`${keeper.name} restore`, keeper.restore("s-2"), keeper.env);
      this.mustBeWhole(files, keeper.name);
    }
    this.removeTree();
    this.time("copy", ["cp", "-r", this.copy, this.tree]);
    this.mustBeWhole(files, "cp");
  }

  /**
   * Ten sessions, in each of which a hundredth of all files is changed.
   *
   * @param {readonly Keeper[]} all
   * @param {readonly string[]} files
   */
  sessions(all, files) {
    for (const keeper of all) this.empty(keeper);
    const sizes = () => new Map(all.map(({ name }) => [name, bytesOf(this.storeOf(storeName(name)))]));
    let [changedBytes, one] = [0, new Map()];
    for (let session = 0; session < SESSIONS; session++) {
      const id = `t-${session}`;
      for (const { baseline, env } of all) this.call(baseline(id), env);
      if (session === 0) one = sizes();
      changedBytes += editEvery(files, CHANGED, 1000 + session);
      for (const { final, baseline, env } of all) this.call(final?.(id) ?? baseline(`${id}-end`), env);
    }
    return { one, ten: sizes(), changedBytes };
  }

  /** @param {Keeper} keeper */
  empty({ name, prepare, env }) {
    const store = this.storeOf(storeName(name));
    for (const directory of [store, `${store}-cache`, `${store}-base`])
      fs.rmSync(directory, { recursive: true, force: true });
    for (const command of prepare) this.call(command, env);
  }

  removeTree() {
    fs.rmSync(this.tree, { recursive: true, force: true });
  }

  /** @param {readonly string[]} files @param {string} name */
  mustBeWhole(files, name) {
    const missing = files.find((file) => !fs.existsSync(file));
    if (missing) throw new BenchError(`${name} did not bring back ${missing}`);
  }

  /**
   * @param {string} key
   * @param {readonly string[]} command
   * @param {NodeJS.ProcessEnv} [env]
   */
  time(key, command, env = {}) {
    // What the one before has left to write is not the next one's.
    spawnSync("sync");
    const start = process.hrtime.bigint();
    this.call(command, env);
    const ms = Number(process.hrtime.bigint() - start) / 1e6;
    this.samples.set(key, [...(this.samples.get(key) ?? []), ms]);
  }

  /** @param {readonly string[]} command @param {NodeJS.ProcessEnv} env */
  call([file = "", ...args], env) {
    const { status, stderr, error } = spawnSync(file, args, {
      cwd: "/",
      env: { ...this.env, ...env },
      stdio: ["ignore", "ignore", "pipe"],
      encoding: "utf8",
    });
    if (status !== 0)
      throw new BenchError(
        `${file} ${args[0]} did not run: ${error?.message ?? stderr.trim().slice(0, 400)}`,
      );
  }
}

/** @param {string} name */
const storeName = (name) => name.split(" ")[0] ?? name;

/** Blocks of the disk, in bytes. @param {string} directory */
function bytesOf(directory) {
  const { stdout } = spawnSync("du", ["-s", "-B1", directory], { encoding: "utf8" });
  return Number(stdout.split("\t")[0]);
}
