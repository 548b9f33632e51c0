// The build under test, where the user that the agents run as can read it.

import { chmodSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A copy of `dist`, away from a checkout that may be closed to others. Removed at the end.
 *
 * @returns the path of the executable in it
 */
export function copyBuild(dist: string): Disposable & Readonly<{ nono: string }> {
  const directory = mkdtempSync(join(tmpdir(), "nono-build-"));
  chmodSync(directory, 0o755);
  cpSync(dist, directory, { recursive: true });
  return {
    nono: join(directory, "nono"),
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
}
