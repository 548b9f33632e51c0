import { locateCommand } from "../command/find-command.ts";
import { NonoError } from "../error.ts";

/** Where nobody can make a file. */
const NOWHERE = "/proc/nonexistent";

/**
 * The file to execute for `command`; where there is none, an absolute path that does not exist, so that the launcher
 * reports it the way Node reports a missing command: as an event, not as an exception.
 */
export function findOrName(command: string, options: Readonly<{ path: string; cwd: string }>): string {
  try {
    return locateCommand(command, options);
  } catch (error) {
    if (!(error instanceof NonoError)) throw error;
    return command.startsWith("/") ? command : `${NOWHERE}/${command.replaceAll("\0", "")}`;
  }
}
