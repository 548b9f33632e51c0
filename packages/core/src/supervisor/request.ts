// What a confined process asked for, as a value.

import type { CanonicalPath } from "../files/canonical-path.ts";
import type { ProcessInfo } from "./process-info.ts";
import type { SocketAddress } from "./socket-address.ts";

/** A path as the program named it and as the kernel has it. */
export type RequestedPath = Readonly<{
  /** The object's own path, links resolved; of what is not there yet, its directory's and its name. */
  path: CanonicalPath;
  /** As the program named it, made absolute. */
  given: string;
  /** A link led from the one to the other. */
  throughLink: boolean;
  /** Names of Landlock rights that no grant gives, such as `READ_FILE`. */
  missing: readonly string[];
}>;

/** How a file or directory is to be opened. */
export type OpenMode = Readonly<{
  read: boolean;
  write: boolean;
  create: boolean;
  truncate: boolean;
  directory: boolean;
}>;

export type PathOperation =
  | "execute"
  | "truncate"
  | "mkdir"
  | "mknod"
  | "symlink"
  | "unlink"
  | "rmdir"
  | "chmod"
  | "chown"
  | "utime"
  | "xattr"
  | "bind";

/** Why nothing was decided yet. */
export type Reason =
  /** No grant covers it, or a denial takes it away. */
  | "not-granted"
  /** It would move or replace a directory in which something is denied. */
  | "holds-denial"
  /** The executable is a blocked command, by its content. */
  | "blocked-command"
  /** The address is outside the sandbox. */
  | "destination"
  /** It belongs to a process outside the sandbox, or is one. */
  | "outside";

/** As it was called when it was named; its name is its own word, and "" when it was gone. */
export type OtherProcess = Readonly<{ pid: number; name: string }>;

/** System V objects, which have no path. */
export type SharedObject = "memory" | "queue" | "semaphores";

type Of<Operation, Rest> = Readonly<{ operation: Operation }> & Readonly<Rest>;

export type Request = Readonly<{
  /** Ascending, unique within a sandbox. */
  id: number;
  process: ProcessInfo;
  reason: Reason;
}> &
  (
    | Of<"open", { target: RequestedPath; mode: OpenMode }>
    | Of<PathOperation, { target: RequestedPath; blocked: CanonicalPath | undefined }>
    | Of<"link", { target: RequestedPath; to: RequestedPath }>
    /** `exchange`: each comes to lie where the other was. */
    | Of<"rename", { target: RequestedPath; to: RequestedPath; exchange: boolean }>
    | Of<"connect" | "send", { address: SocketAddress; target: RequestedPath | undefined }>
    | Of<"listen", { address: SocketAddress }>
    /** As socket(2) has them, without what is not of the type. Never allowed: there is no such network. */
    | Of<"socket", { family: number; type: number }>
    /** These are never allowed either: each is of another process, outside. `undefined`: of many, or of all of a user. */
    | Of<"share", { object: SharedObject }>
    | Of<"schedule" | "limit", { other: OtherProcess | undefined }>
    | Of<"signal", { other: OtherProcess | undefined }>
  );

/** Performing is done on the object that was judged, by the supervisor. */
export type Answer =
  | Readonly<{ allow: true }>
  | Readonly<{ allow: false; errno?: (typeof REFUSALS)[number] }>;

const REFUSALS = ["EACCES", "EPERM", "ECONNREFUSED"] as const;

export const allowed: Answer = { allow: true };
export const denied: Answer = { allow: false };

/** What a caller without types may have answered: only a plain yes is one. */
export function answerOf(given: unknown): Answer {
  const { allow, errno } = (given ?? {}) as Readonly<Record<string, unknown>>;
  if (allow === true) return allowed;
  const known = REFUSALS.find((one) => one === errno);
  return known === undefined ? denied : { allow: false, errno: known };
}
