// What the register says of a session, `session.json` in its directory, and `nono inspect --json` prints.

import type { Ending } from "nono-ts";

export const RECORD = "session.json";

/** What goes along with a session. */
export type Feature = "supervised" | "audit" | "rollback" | "learn";

/** Which process: numbers are used again, so the start time goes with them, and who counts them since when. */
export type SupervisorProcess = Readonly<{
  pid: number;
  /** In clock ticks since the boot (proc_pid_stat(5)). */
  start: string;
  /** Inode of its process namespace. */
  namespace: string;
  /** /proc/sys/kernel/random/boot_id */
  boot: string;
}>;

/** Bytes that are not UTF-8 are lone surrogates U+DC80..U+DCFF. */
export type SessionRecord = Readonly<{
  format: 1;
  session_id: string;
  name: string | null;
  supervisor: SupervisorProcess;
  /** Without what looks like a secret. */
  command: readonly string[];
  executable: string;
  cwd: string;
  profile: string;
  /** RFC 3339, in UTC. */
  started: string;
  features: readonly Feature[];
  /** What is below is null until it ends. */
  ended: string | null;
  exit_code: number | null;
  /** Of the command, when one ended it. */
  signal: string | null;
  counts: Counts | null;
}>;

/** How often, as far as a supervisor saw it. */
export type Counts = Readonly<{ denied: number; asked: number }>;

export function endedRecord(record: SessionRecord, now: Date, ending: Ending, counts: Counts): SessionRecord {
  return { ...record, ended: now.toISOString(), exit_code: ending.code, signal: ending.signal, counts };
}

/** undefined: damaged, or written by a later version. */
export function readRecord(text: string, session: string): SessionRecord | undefined {
  try {
    const value = JSON.parse(text) as Partial<SessionRecord> | null;
    return value?.format === 1 && value.session_id === session && isWhole(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isWhole(value: Partial<SessionRecord>): value is SessionRecord {
  const { supervisor, command, features, started, ended, name } = value;
  const { executable, cwd, profile, exit_code, signal } = value;
  return (
    [executable, cwd, profile, started, supervisor?.start, supervisor?.namespace, supervisor?.boot].every(
      (text) => typeof text === "string",
    ) &&
    [name, ended, signal].every((text) => text === null || typeof text === "string") &&
    (exit_code === null || typeof exit_code === "number") &&
    typeof supervisor?.pid === "number" &&
    [command, features].every((list) => Array.isArray(list) && list.every((one) => typeof one === "string"))
  );
}
