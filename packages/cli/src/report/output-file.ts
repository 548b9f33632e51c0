// A file that a command line names, such as that of --diagnostics-json: looked at before the start, written at the end.

import { accessSync, constants, lstatSync } from "node:fs";
import { bytesOf } from "nono-ts";
import { directoryOf, type ReservedFile, reserveFile, resolvePath } from "nono-ts/internal";
import { CliError } from "../error.ts";
import type { Io } from "../io.ts";

/** @throws CliError `output-file`, when it is made and when it is written */
export function reserveOutput(asked: string | undefined, io: Io): ReservedFile | undefined {
  if (asked === undefined) return undefined;
  const file = resolvePath(io.cwd(), asked);
  const attempt = <T>(act: () => T): T => {
    try {
      return act();
    } catch (error) {
      if (error instanceof CliError) throw error;
      const reason = String((error as NodeJS.ErrnoException).code);
      throw new CliError({ code: "output-file", path: asked, reason }, { cause: error });
    }
  };
  // By its directory: the command may be able to put a link in the place of that.
  const reserved = attempt(() => {
    refuseUnwritable(file, asked);
    return reserveFile(file);
  });
  return { close: () => reserved.close(), write: (content) => attempt(() => reserved.write(content)) };
}

/** The file is replaced, whatever it is: a device or a link would be lost. */
function refuseUnwritable(file: string, asked: string): void {
  const there = lstatSync(bytesOf(file), { throwIfNoEntry: false });
  if (there !== undefined && !there.isFile())
    throw new CliError({ code: "output-file", path: asked, reason: "it is not a regular file" });
  accessSync(bytesOf(directoryOf(file)), constants.W_OK | constants.X_OK);
}
