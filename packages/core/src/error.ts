// Everything that can go wrong in the library, as one class with a code.

import { show } from "./text/show.ts";

/** A `code` is API: never renamed. */
export type Problem =
  | { code: "path-missing"; option: string; path: string }
  | { code: "path-unreadable"; option: string; path: string; reason: string }
  | { code: "not-a-directory"; option: string; path: string }
  | { code: "not-a-file"; option: string; path: string }
  | { code: "grant-denied"; option: string; path: string; denied: string; source: string }
  | { code: "invalid-text"; option: string }
  | { code: "invalid-value"; option: string; value: string; expected: string }
  | { code: "name-lost"; name: string }
  | { code: "invalid-port"; option: string; port: number }
  | { code: "invalid-state"; reason: string }
  | { code: "unknown-abi"; abi: number }
  | { code: "unsupported-platform"; platform: string }
  | { code: "protection-unavailable"; protection: string; why: string }
  | { code: "platform-rule"; rule: string; reason: string }
  | { code: "rule-budget"; path: string; rules: number; limit: number }
  | { code: "plan-too-large"; part: string; size: number; limit: number }
  | { code: "command-blocked"; command: string }
  | { code: "command-missing"; command: string; interpreter?: string | undefined }
  | { code: "command-unstartable"; command: string; reason: string }
  | { code: "not-supervised"; command: string }
  | { code: "launch-failed"; step: string; subject: string; reason: string }
  | { code: "supervisor-taken" }
  | { code: "snapshot-budget"; path: string; what: "entries" | "bytes"; found: number; limit: number }
  | { code: "snapshot-unknown"; session: string; number: number }
  | { code: "snapshot-root"; path: string; reason: string }
  | { code: "session-unknown"; session: string }
  | { code: "session-locked"; session: string }
  | { code: "store-busy"; directory: string }
  | { code: "store-damaged"; file: string; reason: string }
  | { code: "object-missing"; digest: string }
  | { code: "file-irregular"; file: string }
  | { code: "audit-unknown"; session: string }
  | { code: "audit-busy"; directory: string }
  | { code: "audit-damaged"; file: string; reason: string }
  | { code: "audit-failed"; file: string; reason: string }
  | { code: "audit-full"; file: string }
  | { code: "secret-reference"; reason: string }
  | { code: "secret-missing"; secret: string; where: string }
  | { code: "secret-unreadable"; secret: string; reason: string }
  | { code: "secret-untrusted"; secret: string; path: string; why: string; remedy: string }
  | { code: "secret-value"; secret: string; reason: string }
  | { code: "keystore-unavailable"; store: string; reason: string }
  | { code: "keystore-locked"; store: string; reason: string }
  | { code: "keystore-damaged"; file: string; reason: string }
  | { code: "keystore-busy"; file: string }
  | { code: "native-missing"; file: string; directory: string }
  | { code: "native-not-packed"; file: string; package: string; directory: string }
  | { code: "native-unusable"; file: string; reason: string }
  /** `found`: undefined where only the other side knows. */
  | { code: "native-mismatch"; file: string; found: number | undefined; wanted: number };

export class NonoError extends Error {
  override readonly name = "NonoError";
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(messageOf(problem), options);
    this.problem = problem;
  }

  get code(): Problem["code"] {
    return this.problem.code;
  }
}

function messageOf(p: Problem): string {
  switch (p.code) {
    case "path-missing":
      return `${p.option} ${show(p.path)}: no such file or directory`;
    case "path-unreadable":
      return `${p.option} ${show(p.path)}: cannot be looked up: ${p.reason}`;
    case "not-a-directory":
      return `${p.option} ${show(p.path)} is a file: grant it as a file`;
    case "not-a-file":
      return `${p.option} ${show(p.path)} is a directory: grant it as a directory`;
    case "grant-denied":
      return `${p.option} ${show(p.path)} lies in ${show(p.denied)}, which ${show(p.source)} denies: lift the denial by name first`;
    case "invalid-text":
      return `${p.option} holds a NUL byte, which no path or argument can`;
    case "invalid-value":
      return `${p.option} ${show(p.value)}: expected ${p.expected}`;
    case "name-lost":
      return `${show(p.name)} may not be the name that the file has: this runtime's node:fs knows no names that are not UTF-8`;
    case "invalid-port":
      return `${p.option} ${p.port}: a port is a whole number from 1 to 65535`;
    case "invalid-state":
      return `not a sandbox state: ${p.reason}`;
    case "unknown-abi":
      return `no Landlock ABI ${p.abi}: the first is 1`;
    case "unsupported-platform":
      return `no sandbox for ${show(p.platform)} yet: Linux with Landlock (5.13 or later) and macOS are what works`;
    case "protection-unavailable":
      return `protection ${p.protection} is not available: ${p.why}`;
    case "platform-rule":
      return `platform rule ${show(p.rule)}: ${p.reason}`;
    case "rule-budget":
      return `denials below ${show(p.path)} need ${p.rules} rules, more than ${p.limit}: grant smaller directories`;
    case "plan-too-large":
      return `${p.part} is ${p.size} long, more than the ${p.limit} that a plan may hold`;
    case "command-blocked":
      return `blocked command: ${show(p.command)}`;
    case "command-missing":
      return p.interpreter === undefined
        ? `no such command: ${show(p.command) || "''"}`
        : `cannot execute ${show(p.command)}: ${show(p.interpreter)}, which it is to be run by, does not exist`;
    case "command-unstartable":
      return `cannot execute ${show(p.command)}: ${p.reason}`;
    case "not-supervised":
      return `${show(p.command)} does not wait for a supervisor: start it with spawn and supervised: true, and supervise it once`;
    case "launch-failed":
      return `the sandbox could not be set up (${p.step}${p.subject === "" ? "" : ` ${show(p.subject)}`}): ${p.reason}`;
    case "supervisor-taken":
      return "a sandbox around this one has a supervisor already, and the kernel lets a process have one: start without";
    case "snapshot-budget":
      return `${show(p.path)} has ${p.found} ${p.what} or more, over the ${p.limit} that a snapshot may have: exclude what need not come back, or raise the limit`;
    case "snapshot-unknown":
      return `session ${show(p.session)} has no snapshot ${p.number}`;
    case "snapshot-root":
      return `${show(p.path)} cannot be tracked: ${p.reason}`;
    case "session-unknown":
      return `no session ${show(p.session)} with snapshots`;
    case "session-locked":
      return `session ${show(p.session)} is in use: it still runs, or is being restored`;
    case "store-busy":
      return `the snapshots in ${show(p.directory)} are being cleaned up: try again when that has ended`;
    case "store-damaged":
      return `${show(p.file)} is damaged: ${p.reason}`;
    case "object-missing":
      return `content ${p.digest} is missing from the store`;
    case "file-irregular":
      return `${show(p.file)} is not a regular file: nono has not made it, so remove it`;
    case "audit-unknown":
      return `no session ${show(p.session)} in the audit log`;
    case "audit-busy":
      return `the audit log in ${show(p.directory)} is in use by somebody who does not let go: try again, or start without it`;
    case "audit-damaged":
      return `${show(p.file)} is damaged: ${p.reason}: move it away to begin a new chain, which nono audit verify will say`;
    case "audit-failed":
      return `${show(p.file)} cannot record any more: ${p.reason}`;
    case "audit-full":
      return `${show(p.file)} has no room for another session that runs at the same time: end one first`;
    case "secret-reference":
      return `not the name of a secret, nor a reference to one: ${p.reason}`;
    case "secret-missing":
      return `there is no secret ${show(p.secret)} in ${show(p.where)}`;
    case "secret-unreadable":
      return `the secret ${show(p.secret)} cannot be read: ${p.reason}`;
    case "secret-untrusted":
      return `the secret ${show(p.secret)} is not read, because ${show(p.path)} ${show(p.why)}: ${show(p.remedy)}`;
    case "secret-value":
      return `the secret ${show(p.secret)} cannot be used: ${p.reason}`;
    case "keystore-unavailable":
      return `${show(p.store)} cannot be used: ${show(p.reason)}`;
    case "keystore-locked":
      return `${show(p.store)} does not open: ${p.reason}`;
    case "keystore-damaged":
      return `${show(p.file)} is damaged: ${p.reason}`;
    case "keystore-busy":
      return `${show(p.file)} is being changed by another process: try again`;
    case "native-missing":
      return `${p.file} is missing in ${show(p.directory)}: install nono again, all its files in one directory`;
    case "native-not-packed":
      return `${p.file} is missing: install ${p.package}, which comes with nono-ts, with optional dependencies on; a bundler has to leave nono-ts out, or to copy the files of that package to ${show(p.directory)}`;
    case "native-unusable":
      return `${show(p.file)} cannot be used (${show(p.reason)}): install nono again, the files for this system`;
    case "native-mismatch":
      return `${show(p.file)} is of another version than nono: install nono again, all its files of one version`;
  }
}
