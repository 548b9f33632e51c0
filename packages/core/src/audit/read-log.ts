// Reading a log for what it says. Whether that can be believed is checked in check-log.ts.

import { watch } from "node:fs";
import { type AuditEvent, decodeLine, eventOf } from "./line.ts";
import { linkOf, type SessionLink } from "./link.ts";
import { LogLines } from "./log-lines.ts";

/** The link in the first line, if there is one. @throws the file system's own error */
export function readFirstLine(file: string): SessionLink | undefined {
  const lines = new LogLines(file);
  try {
    for (const line of lines.next()) {
      const decoded = decodeLine(line);
      return decoded?.kind === "start" ? linkOf(decoded.data) : undefined;
    }
    return undefined;
  } finally {
    lines.close();
  }
}

/** Events as they are appended; what is no event is passed over. */
export class LogReader {
  readonly #lines: LogLines;

  /** To be closed. @throws the file system's own error */
  constructor(file: string) {
    this.#lines = new LogLines(file);
  }

  /** Those that have not been read yet. */
  *next(): Generator<AuditEvent> {
    for (const line of this.#lines.next()) {
      const decoded = decodeLine(line);
      if (decoded !== undefined) yield eventOf(decoded);
    }
  }

  close(): void {
    this.#lines.close();
  }
}

/** All whole lines of a log, as they were written. Each is valid until the next. @throws the file system's own error */
export function* readLines(file: string): Generator<Buffer> {
  const lines = new LogLines(file);
  try {
    yield* lines.next();
  } finally {
    lines.close();
  }
}

/** All events of a log. @throws the file system's own error */
export function* readEvents(file: string): Generator<AuditEvent> {
  const reader = new LogReader(file);
  try {
    yield* reader.next();
  } finally {
    reader.close();
  }
}

/** Milliseconds after which is looked without having been told. */
const PAUSE = 500;

/**
 * All events, and then those that come, until nobody records any more.
 *
 * @param isOpen whether the log may still grow
 * @param stop ends it at once
 * @throws the file system's own error
 */
export async function* followEvents(
  file: string,
  isOpen: () => boolean,
  stop?: AbortSignal,
): AsyncGenerator<AuditEvent> {
  const reader = new LogReader(file);
  let wake: () => void = () => undefined;
  const told = () => wake();
  const watcher = watch(file, told);
  stop?.addEventListener("abort", told);
  try {
    for (;;) {
      const open = isOpen();
      const changed = new Promise<void>((resolve) => {
        wake = resolve;
      });
      yield* reader.next();
      if (!open || stop?.aborted) return;
      const timer = setTimeout(told, PAUSE);
      await changed;
      clearTimeout(timer);
    }
  } finally {
    stop?.removeEventListener("abort", told);
    watcher.close();
    reader.close();
  }
}
