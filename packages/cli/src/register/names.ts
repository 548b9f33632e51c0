// Names are unique among the living.

import { lockFile, resolvePath } from "nono-ts/internal";
import { CliError } from "../error.ts";
import { livingIn } from "./registry.ts";
import { makeSessionsDirectory } from "./session-directory.ts";

/** Milliseconds that others may take to get into the register. */
const PATIENCE = 5000;

/**
 * Until it is released, no other session begins under a name.
 *
 * @throws CliError `session-name-taken`; the file system's own error
 */
export async function takeName(state: string, name: string): Promise<() => void> {
  const lock = await lockFile(resolvePath(makeSessionsDirectory(state), ".names"), PATIENCE);
  if (lock === undefined) throw new Error("another session has been starting for too long");
  const owner = livingIn(state).find((record) => record.name === name);
  if (owner === undefined) return lock.release;
  lock.release();
  throw new CliError({ code: "session-name-taken", name, session: owner.session_id });
}
