// Errors of the system by name, as errno(3) has them.

import { constants } from "node:os";

/** `ENOENT` and the like. @param errno as the system gives it: positive */
export function errnoNameOf(errno: number): string {
  const [name] = Object.entries(constants.errno).find(([, number]) => number === errno) ?? [];
  return name ?? `errno ${errno}`;
}
