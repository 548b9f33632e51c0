// The arguments of a process, as /proc shows them: it can change them, so they are its own word.

import { closeSync, openSync, readSync } from "node:fs";
import { textOf } from "../text/bytes.ts";

/** Bytes of arguments; a program may have megabytes of them. */
const ARGUMENTS_MAX = 4096;

/** Of 4096 bytes at most. @throws the file system's own error for what is gone */
export function commandLine(pid: number): readonly string[] {
  const text = textOf(beginningOf(`/proc/${pid}/cmdline`));
  return (text.endsWith("\0") ? text.slice(0, -1) : text).split("\0");
}

function beginningOf(file: string): Buffer {
  const descriptor = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(ARGUMENTS_MAX);
    return bytes.subarray(0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}
