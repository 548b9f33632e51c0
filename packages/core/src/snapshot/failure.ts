// The system's reasons, whoever reports them: the addon with a number, node:fs with a name.

import os from "node:os";
import { errnoNameOf } from "../text/errno-name.ts";

/** `ENOENT` and the like, or `undefined` for an error that is none of the system. */
export function errnoName(error: unknown): string | undefined {
  const { errno, code } = error as { errno?: number; code?: string };
  if (typeof code === "string" && code in os.constants.errno) return code;
  return typeof errno === "number" && errno !== 0 ? errnoNameOf(Math.abs(errno)) : undefined;
}

/** What is said of a file that could not be read. @throws the error itself when it says nothing about the file */
export function reasonOf(error: unknown): string {
  const name = errnoName(error);
  if (name === undefined || SYSTEM_WIDE.has(name)) throw error;
  return name;
}

/** What a file has no part in: a snapshot that went on would be one of less than is there. */
const SYSTEM_WIDE = new Set(["ENOSPC", "EDQUOT", "EMFILE", "ENFILE", "ENOMEM"]);
