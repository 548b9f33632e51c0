// Directories reached by descriptors: openat(2) in the only forms that Node has.

import { constants, fstatSync } from "node:fs";

const IS_MAC = process.platform === "darwin";

/** open(2), missing in node:fs: enough to go on from, for a directory that may not be listed. macOS has nothing like it. */
const O_PATH = IS_MAC ? 0 : 0o10000000;

/** Flags for a directory that no link leads to. */
export const REACH_DIRECTORY = constants.O_DIRECTORY | constants.O_NOFOLLOW | O_PATH;

/**
 * A path that names what a descriptor is open on, whatever its own name is by now: names below it are found in that very
 * directory. On Linux /proc leads there; macOS finds what lies on a volume by its number (volfs).
 */
export function descriptorPath(descriptor: number): string {
  if (!IS_MAC) return `/proc/self/fd/${descriptor}`;
  const { dev, ino } = fstatSync(descriptor, { bigint: true });
  return `/.vol/${dev}/${ino}`;
}
