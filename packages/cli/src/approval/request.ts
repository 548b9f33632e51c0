// What is put to a person, and what comes back.

import type { CanonicalPath } from "nono-ts";
import { isWithin } from "nono-ts/internal";

export type Access = "read" | "write" | "read+write" | "create" | "execute" | "connect";

/** What each kind of yes covers. `file` and `directory` are canonical paths; without `directory` there is no such yes. */
export type Covers = Readonly<{ once: string; file: string; directory?: string }>;

/** Canonical. */
export type OtherPath = Readonly<{ relation: "to" | "from" | "with"; path: string }>;

export type ApprovalRequest = Readonly<{
  /** Short: people type it. Unique within the session. */
  id: string;
  /** Of the session: `YYYYMMDD-HHMMSS-PID`. */
  session: string;
  /** Names and arguments are what the processes say of themselves. */
  process: Readonly<{
    pid: number;
    name: string;
    command: readonly string[];
    parents: readonly Readonly<{ pid: number; name: string }>[];
  }>;
  /** The system call's kind: `open`, `rename`, `connect`, … */
  operation: string;
  access: Access;
  /** Canonical, links resolved. */
  path: string;
  /** As the program named it. */
  asked: string;
  viaLink: boolean;
  /** Of a move or link: where it goes, where it comes from, or what it changes places with. */
  other?: OtherPath;
  /** What a yes would let run later, outside of the sandbox. */
  runsLater?: string;
  covers: Covers;
}>;

export type Decision =
  | Readonly<{ kind: "deny" | "deny-session" | "allow-once" | "save-to-profile" }>
  | Readonly<{ kind: "allow-session"; scope: "file" | "directory" }>;

/** Who answered. `nobody`: there was nobody who could. */
export type Answerer =
  | Readonly<{ who: "terminal" | "nobody" | "end" }>
  /** `terminal`: its controlling one, null where it has none. Both are absent where they are not known for certain. */
  | Readonly<{
      who: "process";
      pid: number;
      uid: number;
      terminal?: string | null;
      command?: readonly string[];
    }>
  | Readonly<{ who: "timeout"; seconds: number }>
  /** An answer for the session that was given before, by somebody. */
  | Readonly<{ who: "earlier" }>;

/** `at`: milliseconds since 1970. */
export type ApprovalAnswer = Decision & Readonly<{ by: Answerer; at: number }>;

export function isAllowed({ kind }: Pick<Decision, "kind">): boolean {
  return kind === "allow-once" || kind === "allow-session" || kind === "save-to-profile";
}

/**
 * Equal for requests that are one question and have one answer. Which process of the sandbox asks makes no difference: they
 * can do for each other whatever one of them can.
 */
export function questionKey({ operation, access, path, other }: ApprovalRequest): string {
  return [operation, access, path, other?.relation, other?.path].join("\0");
}

/** An answer that holds for the rest of the session. */
export type SessionRule = Readonly<{
  allow: boolean;
  access: Access;
  path: string;
  scope: "file" | "directory";
}>;

/** The rule that an answer makes, if it makes one. */
export function ruleOf(decision: Decision, request: ApprovalRequest): SessionRule | undefined {
  const { access, covers } = request;
  const rule = (allow: boolean, path: string, scope: SessionRule["scope"]) => ({
    allow,
    access,
    path,
    scope,
  });
  switch (decision.kind) {
    case "deny":
    case "allow-once":
      return undefined;
    case "deny-session":
      return rule(false, covers.file, "file");
    case "save-to-profile":
      return rule(true, covers.file, "file");
    case "allow-session":
      if (decision.scope === "file") return rule(true, covers.file, "file");
      return covers.directory === undefined ? undefined : rule(true, covers.directory, "directory");
  }
}

/** What each access needs; reading and writing are asked for together or apart. */
const NEEDS: Readonly<Record<Access, readonly string[]>> = {
  read: ["read"],
  write: ["write"],
  "read+write": ["read", "write"],
  create: ["create"],
  execute: ["execute"],
  connect: ["connect"],
};

/** A file that may be created may be written, and below a directory that may be written files may be created. */
const GIVES: Readonly<Record<Access, readonly string[]>> = {
  read: ["read"],
  write: ["write", "create"],
  "read+write": ["read", "write", "create"],
  create: ["write", "create"],
  execute: ["read", "execute"],
  connect: ["connect"],
};

/** A yes has to cover all of what is asked for, a no any of it. */
export function appliesTo(rule: SessionRule, { path, access, runsLater }: ApprovalRequest): boolean {
  const covers = rule.scope === "file" ? path === rule.path : isPathWithin(path, rule.path);
  // Who said yes to a directory was not told what this would let run.
  if (runsLater !== undefined && rule.allow && rule.scope === "directory") return false;
  if (!covers) return false;
  if (!rule.allow) return NEEDS[access].some((need) => NEEDS[rule.access].includes(need));
  return NEEDS[access].every((need) => GIVES[rule.access].includes(need));
}

function isPathWithin(path: string, directory: string): boolean {
  return isWithin(path as CanonicalPath, directory as CanonicalPath);
}
