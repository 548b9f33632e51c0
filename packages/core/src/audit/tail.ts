// The end of a log, without reading what comes before.

import { closeSync, constants, fstatSync, readSync } from "node:fs";
import { openRegular } from "../files/regular-file.ts";
import { type AuditEvent, decodeLine, eventOf } from "./line.ts";

const TAIL = 16 << 10;

/** The last whole lines, as many as there are in `bytes`. @throws NonoError `file-irregular`, and the file system's own error */
export function readTail(file: string, bytes: number = TAIL): readonly AuditEvent[] {
  const descriptor = openRegular(file, constants.O_RDONLY);
  try {
    const { size } = fstatSync(descriptor);
    const from = Math.max(0, size - bytes);
    const tail = Buffer.alloc(size - from);
    const length = readSync(descriptor, tail, 0, tail.length, from);
    // Of the first line and of what is behind the last line break there may be a part only.
    const lines = tail
      .toString("latin1", 0, length)
      .split("\n")
      .slice(from === 0 ? 0 : 1, -1);
    return lines.flatMap((line) => {
      const decoded = decodeLine(Buffer.from(line, "latin1"));
      return decoded === undefined ? [] : [eventOf(decoded)];
    });
  } finally {
    closeSync(descriptor);
  }
}
