// A file of the person's that setup was asked for. Done twice it changes nothing, and nothing that is not ours is replaced.

import { mkdirSync, readFileSync } from "node:fs";
import { bytesOf } from "nono-ts";
import { directoryOf, show, writeDurably } from "nono-ts/internal";
import { CliError } from "../../error.ts";
import type { Io } from "../../io.ts";
import { say } from "../../ui/message.ts";

/** Of a file and the directories above it that are missing. */
export type Modes = Readonly<{ file: number; directory: number }>;

/**
 * Says what it writes before it does.
 *
 * @param isOurs whether a file that has this text may be replaced
 * @throws CliError `output-file`
 */
export function writeFile(
  file: string,
  text: string,
  isOurs: (text: string) => boolean,
  modes: Modes,
  io: Io,
): void {
  const before = textOf(file);
  if (before === text) {
    say(io, `${show(file)} is there already`);
    return;
  }
  if (before !== undefined && !isOurs(before))
    throw new CliError({ code: "output-file", path: file, reason: "it holds something else: move it away" });
  say(io, `writing ${show(file)}`);
  attempt(file, () => {
    mkdirSync(bytesOf(directoryOf(file)), { recursive: true, mode: modes.directory });
    writeDurably(file, text, modes.file);
  });
}

function textOf(file: string): string | undefined {
  return attempt(file, () => {
    try {
      return readFileSync(bytesOf(file), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  });
}

function attempt<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const reason = reasonOf(String((error as NodeJS.ErrnoException).code));
    throw new CliError({ code: "output-file", path: file, reason }, { cause: error });
  }
}

function reasonOf(code: string): string {
  const isClosed = ["EACCES", "EPERM", "EROFS"].includes(code);
  return isClosed ? `${code}: make its directory writable, or set HOME to another` : code;
}
