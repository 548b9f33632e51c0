// Who asks: read from /proc while the process waits for an answer, so that its number cannot mean another one. What it
// says of itself (name, arguments) is its own word.

import { readFileSync, readlinkSync } from "node:fs";
import { commandLine } from "../process/command-line.ts";
import { textOf } from "../text/bytes.ts";

export type ProcessInfo = Readonly<{
  /** Of the process; `thread` is the thread of it that waits. */
  pid: number;
  thread: number;
  /** Of the process and not of the thread, of at most 15 bytes; the program can change it. */
  name: string;
  /** `undefined` where it cannot be read. */
  executable: string | undefined;
  /** Of 4096 bytes at most. */
  arguments: readonly string[];
  /** The processes above it, nearest first, as far as they belong to the sandbox. */
  parents: readonly Readonly<{ pid: number; name: string }>[];
}>;

/** No tree that a person could make sense of is deeper. */
const PARENTS_MAX = 64;

/** @param stopAt the process that is above the whole sandbox */
export function processInfo(thread: number, stopAt: number): ProcessInfo {
  const status = statusOf(thread);
  const pid = status?.pid ?? thread;
  return {
    pid,
    thread,
    name: (pid === thread ? status : statusOf(pid))?.name ?? "",
    executable: attempt(() => textOf(readlinkSync(`/proc/${pid}/exe`, { encoding: "buffer" }))),
    arguments: attempt(() => commandLine(pid)) ?? [],
    parents: [...parentsOf(status?.parent ?? 0, stopAt)],
  };
}

/** "" for what is gone. */
export function processName(pid: number): string {
  return statusOf(pid)?.name ?? "";
}

function* parentsOf(first: number, stopAt: number): Generator<{ pid: number; name: string }> {
  let pid = first;
  for (let depth = 0; depth < PARENTS_MAX && pid > 1 && pid !== stopAt; depth++) {
    const status = statusOf(pid);
    if (status === undefined) return;
    yield { pid, name: status.name };
    pid = status.parent;
  }
}

function statusOf(pid: number): { pid: number; parent: number; name: string } | undefined {
  const text = attempt(() => textOf(readFileSync(`/proc/${pid}/status`)));
  if (text === undefined) return undefined;
  const field = (name: string) => new RegExp(`^${name}:\\t(.*)$`, "m").exec(text)?.[1] ?? "";
  return { pid: Number(field("Tgid")), parent: Number(field("PPid")), name: field("Name") };
}

/** A process may end, or be out of reach, at any moment. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code === "string") return undefined;
    throw error;
  }
}
