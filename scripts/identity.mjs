// As whom the tests run, and where. Each run has a home and a temporary directory of its own, so that no test reads or
// leaves anything in the home of the person who started it.

import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** The user `nobody` of every distribution: it owns nothing, and has an entry in /etc/passwd, which some tools want. */
const ORDINARY = { uid: 65534, gid: 65534 };

/**
 * @typedef {object} Place
 * @property {string} who
 * @property {string} temporary a directory that this user may write
 * @property {import("node:child_process").SpawnOptions} options user, working directory and environment
 * @property {() => void} remove
 */

/**
 * @param {string} checkout
 * @returns {Place} as the user who started the script
 */
export function asStarted(checkout) {
  // Short, because what nono says of paths is read on screens of 80 columns; and some tests act as further users in it.
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "n-"));
  fs.chmodSync(temporary, 0o711);
  return {
    who: process.getuid?.() === 0 ? "root" : "an ordinary user",
    temporary,
    options: { cwd: checkout, env: environmentIn(temporary) },
    remove: () => fs.rmSync(temporary, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/**
 * Only for root. Where the ordinary user cannot read the checkout, the run has a copy of it.
 *
 * @param {string} checkout
 * @returns {Place} as a user without any privilege
 */
export function asOrdinaryUser(checkout) {
  const place = asStarted(checkout);
  const { temporary, options } = place;
  for (const directory of [temporary, ...subdirectoriesOf(temporary)]) {
    fs.chownSync(directory, ORDINARY.uid, ORDINARY.gid);
  }
  const cwd = canUse(checkout) ? checkout : copyOf(checkout, path.join(temporary, "checkout"));
  return { ...place, who: "an ordinary user", options: { ...options, ...ORDINARY, cwd } };
}

/** @param {string} temporary */
function environmentIn(temporary) {
  // What npm sets for its scripts points into the home of the person who started it, as the XDG variables do.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(XDG_|npm_)/.test(name));
  const [home, tmp] = ["home", "t"].map((name) => path.join(temporary, name));
  for (const directory of subdirectoriesOf(temporary)) fs.mkdirSync(directory, { mode: 0o711 });
  return {
    ...Object.fromEntries(inherited),
    HOME: home,
    TMPDIR: tmp,
    // Without it a terminal multiplexer starts the shell of /etc/passwd, which lets `nobody` in nowhere.
    SHELL: "/bin/sh",
    NONO_TEST_CACHE: path.join(temporary, "cache"),
  };
}

/** @param {string} temporary */
function subdirectoriesOf(temporary) {
  return ["home", "t", "cache"].map((name) => path.join(temporary, name));
}

/**
 * Whether the ordinary user can start Node and read the checkout: asked by doing it.
 *
 * @param {string} checkout
 */
function canUse(checkout) {
  const look = "process.argv.slice(1).forEach((file) => fs.accessSync(file, fs.constants.R_OK))";
  const files = ["packages/cli/src", "dist/nono-runtime", "node_modules/vitest"].map((name) =>
    path.join(checkout, name),
  );
  return spawnSync(process.execPath, ["-e", look, ...files], { ...ORDINARY, cwd: "/" }).status === 0;
}

/**
 * @param {string} checkout
 * @param {string} copy
 */
function copyOf(checkout, copy) {
  fs.mkdirSync(copy);
  const parts = fs.readdirSync(checkout).filter((name) => name !== ".git");
  execFileSync("cp", ["-a", "--reflink=auto", ...parts.map((name) => path.join(checkout, name)), copy]);
  execFileSync("chmod", ["-R", "a+rX", copy]);
  return copy;
}
