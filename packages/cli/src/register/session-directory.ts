// What a session has in nono's state directory: `$XDG_STATE_HOME/nono/sessions/ID`. No grant can cover it, so whoever reads
// or writes there is outside of every sandbox. Used by its descriptor: unix(7) has room for 107 bytes of a socket's path.

import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { bytesOf } from "nono-ts";
import { compareSessions, descriptorPath, readRegular, resolvePath } from "nono-ts/internal";
import { CliError } from "../error.ts";

/** Its socket, and the key that whoever connects has to know: who can read it is this user, outside of every sandbox. */
export const SOCKET = "control.sock";
export const KEY = "control.key";

export type SessionDirectory = Readonly<{
  session: string;
  /** The path of an entry, short and for as long as it is open. */
  at(name: string): string;
  /** @throws NonoError `file-irregular`, and the file system's own error */
  read(name: string): Buffer;
  /** Replaces a file, so that a reader finds the old or the new one. @throws the file system's own error */
  write(name: string, content: string): void;
  /** What is not there is no error. */
  remove(...names: readonly string[]): void;
  /** With everything that nono has written there. @throws the file system's own error, for what is left as well */
  discard(): void;
  close(): void;
}>;

/**
 * @param state `$XDG_STATE_HOME/nono`
 * @throws the file system's own error; EEXIST where there is such a session
 */
export function makeSessionDirectory(state: string, session: string): SessionDirectory {
  mkdirSync(bytesOf(resolvePath(makeSessionsDirectory(state), session)), { mode: 0o700 });
  return openDirectory(state, session);
}

/** The directory of all of them. @throws the file system's own error */
export function makeSessionsDirectory(state: string): string {
  const sessions = resolvePath(state, "sessions");
  mkdirSync(bytesOf(sessions), { recursive: true, mode: 0o700 });
  return sessions;
}

/** undefined: there is none, or not one that the user alone can have made. */
export function openSessionDirectory(state: string, session: string): SessionDirectory | undefined {
  try {
    return openDirectory(state, session);
  } catch {
    return undefined;
  }
}

/**
 * Of sessions that run and that have ended, the oldest first.
 *
 * @throws CliError `sessions-unreachable`, as from inside a sandbox; none where there was no session yet
 */
export function sessionNames(state: string): readonly string[] {
  try {
    const names = readdirSync(bytesOf(resolvePath(state, "sessions")));
    return names.filter((name) => !name.startsWith(".")).sort(compareSessions);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new CliError(
      { code: "sessions-unreachable", path: state, reason: (error as Error).message },
      { cause: error },
    );
  }
}

/** @throws Error also where others could put something else in its place */
function openDirectory(state: string, session: string): SessionDirectory {
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
  const path = resolvePath(state, "sessions", session);
  const descriptor = openSync(bytesOf(path), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  const stat = statSync(`${descriptorPath(descriptor)}/`);
  if (stat.uid !== process.getuid?.() || (stat.mode & 0o077) !== 0) {
    closeSync(descriptor);
    throw new Error("it can be used by others");
  }
  const at = (name: string) => `${descriptorPath(descriptor)}/${name}`;
  return {
    session,
    at,
    read: (name) => readRegular(at(name), resolvePath(path, name)),
    write(name, content) {
      writeFileSync(at(`${name}.new`), content, { mode: 0o600 });
      renameSync(at(`${name}.new`), at(name));
    },
    remove: (...names) => names.forEach((name) => void removeIfThere(at(name))),
    discard() {
      for (const name of readdirSync(at("."))) removeIfThere(at(name));
      rmdirSync(bytesOf(path));
    },
    close: () => closeSync(descriptor),
  };
}

function removeIfThere(file: string): void {
  try {
    unlinkSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
