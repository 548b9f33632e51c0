// What a session has on disk while it runs: a private temporary directory, and the file that tells the confined
// program what it may do. `TMPDIR/nono-UID/PID-START-NAMESPACE/{tmp/, sandbox.json}`, /tmp where TMPDIR is not set;
// not $XDG_RUNTIME_DIR, which is small and in some systems executes nothing.

import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  writeFileSync,
} from "node:fs";
import { bytesOf } from "nono-ts";
import { canonicalize, descriptorPath, resolvePath } from "nono-ts/internal";
import { CliError } from "../error.ts";
import type { Io } from "../io.ts";
import { newSessionId } from "./new-session-id.ts";
import { identityOf, isGone } from "./process-identity.ts";
import { removeTree } from "./remove-tree.ts";

export type Session = Readonly<{
  id: string;
  /** The confined program's TMPDIR: it may do there what it likes. */
  tmp: string;
  /** NONO_CAP_FILE: exists from the start, empty, so that it can be granted. */
  capFile: string;
  /** Fills the capFile. */
  describe(document: string): void;
  /** Removes all of it, following no link. @throws the file system's own error */
  remove(): void;
}>;

/**
 * Makes the directory of this process, and removes those of processes that are gone.
 *
 * @throws CliError `proc-missing`; `session-directory` when a safe place cannot be made: it must be ours alone, and no link
 */
export function openSession({ env, uid, pid }: Pick<Io, "env" | "uid" | "pid">): Session {
  if (process.platform === "linux" && !existsSync("/proc/self/fd"))
    throw new CliError({ code: "proc-missing" });
  try {
    const base = baseOf(env, uid);
    const parent = openBase(base, uid);
    sweep(parent);
    return create(parent, base, pid);
  } catch (error) {
    const reason = (error as Error).message;
    throw new CliError({ code: "session-directory", path: temporaryOf(env), reason }, { cause: error });
  }
}

/** Removes the directories of processes that are gone. Nothing where there is no place for sessions yet, or not a safe one. */
export function sweepSessions({ env, uid }: Pick<Io, "env" | "uid">): void {
  try {
    const parent = openDirectory(baseOf(env, uid), uid);
    try {
      sweep(parent);
    } finally {
      closeSync(parent);
    }
  } catch {
    // The next start says what is wrong with it.
  }
}

function baseOf(env: Io["env"], uid: number): string {
  return resolvePath(canonicalize(temporaryOf(env)), `nono-${uid}`);
}

function temporaryOf(env: Io["env"]): string {
  return env.TMPDIR?.startsWith("/") ? env.TMPDIR : "/tmp";
}

/** Nearly always it is there. */
function openBase(base: string, uid: number): number {
  try {
    return openDirectory(base, uid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  try {
    mkdirSync(bytesOf(base), { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return openDirectory(base, uid);
}

function openDirectory(base: string, uid: number): number {
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
  const descriptor = openSync(bytesOf(base), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  const stat = fstatSync(descriptor);
  if (stat.uid !== uid) throw new Error(`${base} belongs to user ${stat.uid}`);
  if ((stat.mode & 0o077) !== 0) throw new Error(`${base} can be used by others: chmod 700 ${base}`);
  return descriptor;
}

/**
 * Everything is made and used by descriptors: whoever may write in TMPDIR, another sandbox of this user for one, can
 * exchange the names for links at any moment.
 */
function create(parent: number, base: string, pid: number): Session {
  const name = identityOf(pid);
  mkdirSync(`${descriptorPath(parent)}/${name}`, { mode: 0o700 });
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
  const directory = openSync(`${descriptorPath(parent)}/${name}`, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  mkdirSync(`${descriptorPath(directory)}/tmp`, { mode: 0o700 });
  const capFile = openSync(`${descriptorPath(directory)}/sandbox.json`, "wx", 0o600);
  closeSync(directory);
  return {
    id: newSessionId(new Date(), pid),
    tmp: resolvePath(base, name, "tmp"),
    capFile: resolvePath(base, name, "sandbox.json"),
    describe: (document) => writeFileSync(capFile, document),
    remove() {
      closeSync(capFile);
      removeTree(parent, name);
      closeSync(parent);
    },
  };
}

function sweep(parent: number): void {
  for (const name of readdirSync(descriptorPath(parent))) {
    if (!isGone(name)) continue;
    try {
      removeTree(parent, name);
    } catch {
      // It is nobody's any more and in nobody's way: left for the next start.
    }
  }
}
