// Descriptors that have run out: whatever could not be opened for that has no part in it.

import { systemModule } from "nono-ts/internal";

/** What to say of it; undefined where neither the error nor what it came from is of that kind. */
export function exhaustionIn(error: unknown): string | undefined {
  const { EMFILE, ENFILE } = systemModule().constants.errno;
  for (let one = error; one instanceof Error; one = one.cause) {
    const { errno, code } = one as NodeJS.ErrnoException;
    const number = Math.abs(errno ?? 0);
    if (code === "EMFILE" || number === EMFILE) return "too many open files: ulimit -n allows more";
    if (code === "ENFILE" || number === ENFILE)
      return "too many files are open on this machine: fs.file-max (sysctl) is the limit";
  }
  return undefined;
}
