// The peers of peers.json: found, or installed into the cache. What cannot be had comes back with the reason.

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import peers from "./peers.json" with { type: "json" };
import { cache } from "./place.mjs";

/**
 * @typedef {object} Peer
 * @property {string} version
 * @property {readonly string[]} command what a command line of it starts with; absolute
 *
 * @typedef {object} Description as in peers.json
 * @property {string} from
 * @property {string} package
 * @property {string} executable a path in its directory, or a name on PATH
 * @property {string} [version]
 * @property {string} [node] version of Node that it runs on, where this one is too old
 * @property {readonly string[]} [flags] of `cargo install`
 * @property {readonly string[]} [needs] programs on PATH
 */

/** @type {Readonly<Record<string, Description>>} */
const descriptions = peers;

/** An installation that takes longer is given up; Rust compiles for minutes. */
const LIMIT_MS = 30 * 60_000;

/** @type {Readonly<Record<string, (d: Description, directory: string) => readonly string[]>>} */
const INSTALLERS = {
  npm: (d, directory) => [
    ...[
      "npm",
      "install",
      "--prefix",
      directory,
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--engine-strict=false",
    ],
    `${d.package}@${d.version}`,
    ...(d.node ? [`${nodePackage()}@${d.node}`] : []),
  ],
  cargo: (d, directory) => [
    ...["cargo", "install", "--locked", "--root", directory, ...(d.flags ?? [])],
    `${d.package}@${d.version}`,
  ],
  go: (d, directory) => ["env", `GOBIN=${directory}`, "go", "install", `${d.package}@${d.version}`],
};

/** @returns {string[]} */
function peerNames() {
  return Object.keys(descriptions);
}

/**
 * @param {string} name
 * @param {boolean} install whether it may be installed
 * @returns {Peer | { missing: string }} `missing` says why it is left out
 */
export function findPeer(name, install) {
  const description = descriptions[name];
  if (description === undefined)
    return { missing: `not in bench/peers.json, which has ${peerNames().join(", ")}` };
  const lacking = (description.needs ?? []).filter((needed) => onPath(needed) === undefined);
  if (lacking.length > 0) return { missing: `needs ${lacking.join(", ")} on PATH` };
  return description.from === "system" ? systemPeer(description) : cachedPeer(name, description, install);
}

/** @param {Description} description */
function systemPeer(description) {
  const executable = onPath(description.executable);
  if (executable === undefined) return { missing: `not installed: apt-get install ${description.package}` };
  const { stdout } = spawnSync(executable, ["--version"], { encoding: "utf8" });
  return { command: [executable], version: /\d+(\.\d+)+/.exec(stdout)?.[0] ?? "of unknown version" };
}

/**
 * @param {string} name
 * @param {Description} description
 * @param {boolean} install
 */
function cachedPeer(name, description, install) {
  const directory = path.join(cache(), "peers", `${name}-${description.version}`);
  if (!fs.existsSync(directory)) {
    if (!install) return { missing: "not installed yet, and --no-install was given" };
    const failure = installInto(directory, name, description);
    if (failure !== undefined) return { missing: failure };
  }
  const executable = path.join(directory, description.executable);
  const node = description.node
    ? path.join(directory, "node_modules", nodePackage(), "bin/node")
    : process.execPath;
  return {
    command: description.from === "npm" ? [node, executable] : [executable],
    version: /** @type {string} */ (description.version),
  };
}

/**
 * Renamed into its place when it is complete, so that half an installation is never found.
 *
 * @param {string} directory
 * @param {string} name
 * @param {Description} description
 * @returns {string | undefined} what went wrong
 */
function installInto(directory, name, description) {
  const temporary = `${directory}.${process.pid}.tmp`;
  fs.mkdirSync(temporary, { recursive: true });
  try {
    const [command = "", ...args] = INSTALLERS[description.from]?.(description, temporary) ?? [];
    console.error(`bench: installing ${name} ${description.version} (${description.from})`);
    const { status, error, stderr } = spawnSync(command, args, { encoding: "utf8", timeout: LIMIT_MS });
    if (status === 0 && fs.existsSync(path.join(temporary, description.executable))) {
      fs.renameSync(temporary, directory);
      return undefined;
    }
    const said = stderr.trim().split("\n").at(-1)?.trim() || "it did not end";
    return `${path.basename(command)} cannot install it: ${error?.message ?? said}`;
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}

/** The package of npm that holds the executable of Node for this machine. */
function nodePackage() {
  return `node-linux-${process.arch}`;
}

/** @param {string} name */
function onPath(name) {
  return (process.env.PATH ?? "")
    .split(path.delimiter)
    .map((directory) => path.join(directory, name))
    .find(isExecutable);
}

/** @param {string} file */
function isExecutable(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
