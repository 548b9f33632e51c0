// Who a process runs as. The suite may be started by root; the agents usually are not.

import { chownSync } from "node:fs";

export type Identity = Readonly<{ name: string; uid: number; gid: number }>;

/** `nobody` of every distribution. */
const UNPRIVILEGED: Identity = { name: "unprivileged", uid: 65534, gid: 65534 };

/** Whom to run the agents as: never root, unless asked for by name. */
export function unprivileged(): Identity {
  const uid = process.getuid?.() ?? -1;
  return uid === 0 ? UNPRIVILEGED : { name: "unprivileged", uid, gid: process.getgid?.() ?? -1 };
}

/** Root, where the suite was started by root. */
export function root(): Identity | undefined {
  return process.getuid?.() === 0 ? { name: "root", uid: 0, gid: 0 } : undefined;
}

/** `command` started as `identity`. */
export function startedAs(identity: Identity, command: readonly string[]): readonly string[] {
  if (identity.uid === process.getuid?.()) return command;
  return ["setpriv", `--reuid=${identity.uid}`, `--regid=${identity.gid}`, "--clear-groups", ...command];
}

/** Gives `path` to `identity`; only root can, and only root has to. */
export function giveTo(identity: Identity, path: string): void {
  if (process.getuid?.() === 0) chownSync(path, identity.uid, identity.gid);
}
