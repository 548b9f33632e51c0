// What a session's record holds, kind by kind. docs/audit.md describes it; a name here is API: never renamed.

import type { Json, JsonObject } from "nono-ts";
import type { SandboxDocument } from "../sandbox/document.ts";

/** Of a process in the sandbox. What it says of itself (name, arguments) is its own word. */
export type RecordedProcess = Readonly<{
  pid: number;
  name: string;
  executable?: string | undefined;
  command: readonly string[];
  parents: readonly Readonly<{ pid: number; name: string }>[];
}>;

/** Of what went on without a question: little is asked of it, so that it does not wait. */
export type ObservedProcess = Readonly<{ pid: number; parent?: number | undefined }>;

export type RecordedChange = Readonly<{ path: string; kind: string }>;

export type RecordedRequest = Readonly<{
  operation: string;
  reason: string;
  process: RecordedProcess | ObservedProcess;
  /** Canonical; `given`: as the program named it. */
  path?: string | undefined;
  given?: string | undefined;
  to?: string | undefined;
  /** What was missing, by the names of Landlock's rights. */
  missing?: readonly string[] | undefined;
  /** Which blocked command it is. */
  blocked?: string | undefined;
  address?: Json | undefined;
  /** Of other processes: a process outside, or the kind of a shared object that was made there. */
  other?: Readonly<{ pid: number; name: string }> | undefined;
  object?: string | undefined;
}>;

export type SessionData = Readonly<{
  start: Readonly<{
    purpose: "session";
    nono: string;
    name: string | null;
    command: readonly string[];
    executable: string;
    cwd: string;
    /** Where it was started from: `/dev/pts/N`; null: no terminal. */
    terminal: string | null;
    host: Readonly<{ name: string; kernel: string; machine: string; uid: number }>;
    profile: Readonly<{ name: string; digest: string }>;
    policy: Pick<
      SandboxDocument,
      "groups" | "grants" | "network" | "unixSockets" | "limits" | "environment" | "withheld"
    > &
      Readonly<{
        denials: readonly (Omit<SandboxDocument["denials"][number], "path"> &
          Readonly<{ paths: readonly string[] }>)[];
        blocked: readonly string[];
        supervised: boolean;
      }>;
    protections: SandboxDocument["protections"];
    tracked_paths: readonly string[];
    /** Names of variables, never values. */
    secrets: readonly string[];
  }>;
  /** The digest of the file that was started, as it was before the start. */
  executable: Readonly<{ path: string; sha256: string; size: number }>;
  /** Refused; `blocked`: because it is a blocked command. `allowed`: by the policy or by an answer. */
  denied: RecordedRequest;
  blocked: RecordedRequest;
  allowed: RecordedRequest;
  /** Nobody waited for the answer any more. */
  withdrawn: RecordedRequest;
  question: Readonly<{
    id: string;
    operation: string;
    access: string;
    path: string;
    given: string;
    /** Of a move or link. */
    other?: Readonly<{ relation: string; path: string }> | undefined;
    process: RecordedProcess;
  }>;
  answered: Readonly<{
    id: string;
    decision: string;
    scope?: string | undefined;
    allowed: boolean;
    path: string;
    /** What a yes for the session covers. */
    covers?: string | undefined;
    access: string;
    by: Readonly<{
      who: string;
      pid?: number;
      uid?: number;
      /** Null: it had none. Absent, like the command, where it is not known for certain. */
      terminal?: string | null;
      command?: readonly string[];
      seconds?: number;
    }>;
  }>;
  /** Before the kernel does it. `path`: null for a file without a name, in memory or removed. */
  executed: Readonly<{
    path: string | null;
    given?: string | undefined;
    /** All arguments, with the one that is its name. `cut`: further ones could not be read. */
    command: readonly string[];
    cut?: boolean | undefined;
    cwd?: string | undefined;
    process: ObservedProcess;
  }>;
  /** There was no memory to record so many. */
  lost: Readonly<{ count: number }>;
  snapshot: Readonly<{
    number: number;
    snapshot_kind: string;
    merkle_root: string;
    file_count: number;
    entry_count: number;
    size: number;
    /** Seconds since 1970. */
    time: number;
    not_captured: number;
    changes: readonly RecordedChange[];
    /** How many changes there were beside those. */
    further_changes: number;
  }>;
  /** Nothing could be answered any more; the errno. */
  unsupervised: Readonly<{ errno: number }>;
  end: Readonly<{
    exit_code: number | null;
    signal: string | null;
    /** Nothing was executed: nono could not start it, and has said why. */
    started?: false;
    /** Events of each kind. */
    counts: Readonly<Record<string, number>>;
  }>;
}>;

export type SessionKind = keyof SessionData;

/** An event of a session, ready to be recorded. */
export function entry<K extends SessionKind>(kind: K, data: SessionData[K]): { kind: K; data: JsonObject } {
  return { kind, data: data as unknown as JsonObject };
}
