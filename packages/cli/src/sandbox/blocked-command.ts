// The check before the start: is the command that was asked for one that is blocked, whatever name it was called by?

import type { Plan } from "nono-ts";
import type { FoundCommand } from "nono-ts/internal";
import { baseNameOf } from "nono-ts/internal";

/**
 * The blocked command that `name` stands for, or undefined.
 *
 * @param blocked names and absolute paths
 * @param found where it lies; undefined when there is no such file
 */
export function blockedCommand(
  name: string,
  found: FoundCommand | undefined,
  blocked: readonly string[],
  plan: Pick<Plan, "blockedExecutables"> | undefined,
): string | undefined {
  // The executable first, then the interpreters that would run it.
  const files = found === undefined ? [] : [found.path, ...found.files];
  const byName = [name, ...files]
    .flatMap((file) => [file, baseNameOf(file)])
    .find((text) => blocked.includes(text));
  if (byName !== undefined) return baseNameOf(byName);
  return plan?.blockedExecutables.find((executable) => found?.files.includes(executable.path))?.command;
}

/** Programs that are many commands at once, and take the name of one as their first word. */
const MULTI_CALL = ["busybox", "toybox", "coreutils"];

/** The command that such a program is asked to be, as in `busybox rm`. Before the start only: to the kernel it is one program. */
export function appletOf(
  [name = "", first]: readonly string[],
  found: FoundCommand | undefined,
): string | undefined {
  const names = [name, ...(found?.files ?? [])].map(baseNameOf);
  if (!names.some((one) => MULTI_CALL.includes(one))) return undefined;
  return first?.replace(/^--coreutils-prog(-shebang)?=/, "");
}
