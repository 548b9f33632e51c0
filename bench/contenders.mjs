// Who is compared, and with which command line: each may write the working directory, reads the system, and has no
// network, said in the words of its own documentation.

import fs from "node:fs";
import path from "node:path";
import { findPeer } from "./peers.mjs";
import { root } from "./place.mjs";

/**
 * @typedef {object} Contender
 * @property {string} name
 * @property {string} version empty where there is none
 * @property {boolean} ours where it does not run the bench fails; a peer is left out
 * @property {{ files: boolean, network: boolean }} confines what it is to refuse
 * @property {readonly string[]} prefix what stands before the command; absolute
 *
 * @typedef {{ name: string, why: string }} LeftOut
 */

/**
 * `network`: leaves it open.
 *
 * @type {readonly { name: string, peer: string, network?: true, flags: (work: string) => readonly string[] }[]}
 */
const PEERS = [
  {
    name: "bwrap",
    peer: "bwrap",
    flags: (work) => [
      ...["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--bind", work, work],
      ...["--unshare-pid", "--unshare-net", "--unshare-ipc", "--new-session", "--die-with-parent", "--"],
    ],
  },
  {
    name: "bwrap, files only",
    peer: "bwrap",
    network: true,
    flags: (work) => ["--ro-bind", "/", "/", "--dev", "/dev", "--bind", work, work, "--"],
  },
  {
    name: "sandbox-runtime",
    peer: "sandbox-runtime",
    flags: (work) => ["--settings", path.join(path.dirname(work), "srt.json"), "--"],
  },
  {
    name: "codex sandbox",
    peer: "codex",
    flags: () => ["sandbox", "-c", "sandbox_mode=workspace-write", "--"],
  },
  {
    name: "nono (Rust) wrap",
    peer: "nono-rust",
    flags: (work) => ["wrap", "--silent", "--allow", work, "--block-net", "--"],
  },
  {
    name: "nono (Rust) run",
    peer: "nono-rust",
    flags: (work) => ["run", "--silent", "--allow", work, "--block-net", "--"],
  },
  { name: "sandlock", peer: "sandlock", flags: (work) => ["run", "-r", "/", "-w", work, "--"] },
  {
    name: "ai-jail",
    peer: "ai-jail",
    flags: () => ["--clean", "--exec", "--no-save-config", "--no-status-bar", "--"],
  },
  {
    name: "landrun",
    peer: "landrun",
    flags: (work) => ["--rox", "/", "--rw", work, "--"],
  },
  {
    name: "firejail",
    peer: "firejail",
    flags: (work) => [
      ...["--quiet", "--noprofile", "--net=none", "--caps.drop=all", "--nonewprivs", "--seccomp"],
      ...["--read-only=/", `--read-write=${work}`, "--"],
    ],
  },
];

/** The contender that the others are ratios of. */
export const BARE = "bare";

/** @returns {Contender} the command without a sandbox */
export function bare() {
  return { name: BARE, version: "", ours: true, confines: { files: false, network: false }, prefix: [] };
}

/** @returns {Contender[]} `nono wrap` and `nono run`; none where dist/nono is not built */
export function ours() {
  const executable = path.join(root, "dist/nono");
  if (!fs.existsSync(executable)) return [];
  return ["wrap", "run"].map((command) => ({
    name: `nono ${command}`,
    version: "",
    ours: true,
    confines: { files: true, network: true },
    prefix: [executable, command, "--allow-cwd", "--block-net", "--"],
  }));
}

/**
 * @param {string} work
 * @param {{ peers?: readonly string[] | undefined, install: boolean }} options `peers`: only these
 * @returns {{ found: Contender[], leftOut: LeftOut[] }}
 */
export function peers(work, { peers: wanted, install }) {
  /** @type {Contender[]} */
  const found = [];
  /** @type {LeftOut[]} */
  const leftOut = [];
  for (const { name, peer, network = false, flags } of PEERS) {
    if (wanted !== undefined && !wanted.includes(peer)) continue;
    const installed = findPeer(peer, install);
    if ("missing" in installed) {
      leftOut.push({ name, why: installed.missing });
      continue;
    }
    const { command, version } = installed;
    const contender = { name, version, ours: false, confines: { files: true, network: !network } };
    found.push({ ...contender, prefix: [...command, ...flags(work)] });
    if (peer === "codex") {
      found.push({ ...contender, name: `${name}, no Node`, prefix: [nativeCodex(command), ...flags(work)] });
    }
  }
  return { found, leftOut };
}

/**
 * The program that the one from npm starts: without the start of Node, which is no sandboxing.
 *
 * @param {readonly string[]} command
 */
function nativeCodex(command) {
  const script = /** @type {string} */ (command.at(-1));
  const vendor = path.resolve(script, `../../../codex-linux-${process.arch}/vendor`);
  const [target = ""] = fs.readdirSync(vendor);
  return path.join(vendor, target, "bin/codex");
}
