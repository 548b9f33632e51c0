// The snapshots, for a command that is not inside of a sandbox. Whoever looks finishes what was killed.

import type { SnapshotStore } from "nono-ts";
import { CliError } from "../../error.ts";
import type { Io } from "../../io.ts";
import { openStore } from "../../rollback/store.ts";
import { stateFor } from "../state-for.ts";
import { sayRecoveries } from "./recoveries.ts";

/** @throws CliError `rollback-inside`, `rollback-unreachable` */
export async function withSnapshots<T>(io: Io, use: (store: SnapshotStore) => Promise<T> | T): Promise<T> {
  if (io.env.NONO_CAP_FILE) throw new CliError({ code: "rollback-inside" });
  const state = stateFor(io);
  const store = openStore(state);
  try {
    await sayRecoveries(store, state, io);
    return await use(store);
  } finally {
    store.close();
  }
}
