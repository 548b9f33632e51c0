// The snapshots of this user, opened for as long as something is done with them.

import { openSnapshots, type SnapshotStore } from "nono-ts";
import { resolvePath } from "nono-ts/internal";
import { CliError } from "../error.ts";
import { compileAsUsual } from "../just-in-time.ts";

/**
 * @param state `$XDG_STATE_HOME/nono`
 * @throws CliError `rollback-unreachable` where it can be neither read nor made
 */
export function openStore(state: string): SnapshotStore {
  compileAsUsual(); // a tree may have 100,000 files: without it a first baseline takes 1.7 times as long
  const directory = resolvePath(state, "snapshots");
  try {
    const store = openSnapshots(directory);
    store.sessions();
    return store;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined || !/^E[A-Z0-9]+$/.test(code)) throw error;
    throw new CliError({ code: "rollback-unreachable", path: directory, reason: message }, { cause: error });
  }
}
