// What can be wrong with a call of the command line, as one class with a code.

import { show } from "nono-ts/internal";
import { ExitCode } from "./exit-code.ts";

/** A `code` is API: never renamed. */
export type CliProblem =
  | { code: "unknown-command"; given: string; within: string; nearest: string | undefined }
  | { code: "unknown-option"; given: string; within: string; nearest: string | undefined }
  | { code: "option-without-value"; option: string; label: string }
  | { code: "option-with-value"; option: string }
  | { code: "option-value"; option: string; value: string; expected: string }
  | { code: "option-twice"; option: string }
  | { code: "options-exclusive"; option: string; other: string }
  | { code: "option-needs"; option: string; other: string }
  | { code: "operand-missing"; command: string; usage: string }
  | { code: "operand-unexpected"; command: string; operand: string }
  | { code: "subdirectory"; option: string }
  | { code: "subdirectory-outside"; option: string; path: string }
  | { code: "cwd-missing" }
  | { code: "workdir-file"; option: string; path: string }
  | { code: "proc-missing" }
  | { code: "session-directory"; path: string; reason: string }
  | { code: "not-in-sandbox" }
  | { code: "sandbox-file"; path: string; reason: string }
  | { code: "output-file"; path: string; reason: string }
  | { code: "output-lost"; reason: string }
  | { code: "guard-places"; path: string; example: string; limit: number; lifted: boolean }
  | { code: "learn-unsupervised"; why: string }
  | { code: "connect-unsupervised"; option: string; host: string; why: string }
  | { code: "secret-name" }
  | { code: "secret-argument" }
  | { code: "secret-absent"; secret: string; where: string }
  | { code: "secret-hint"; message: string; hint: string }
  | { code: "secret-key-short"; path: string; minimum: number }
  | { code: "secret-prompt"; secret: string; given: "no-terminal" | "up" | "twice" | "long" | "lines" }
  | { code: "approvals-inside" }
  | { code: "approval-missing"; id: string }
  | { code: "approval-ambiguous"; id: string; sessions: readonly string[] }
  | { code: "approval-answered"; id: string; how: string }
  | { code: "approval-failed"; id: string; reason: string }
  | { code: "sessions-inside" }
  | { code: "sessions-unreachable"; path: string; reason: string }
  | { code: "sessions-unwritable"; path: string; reason: string }
  | { code: "session-name-taken"; name: string; session: string }
  | { code: "session-unknown"; named: string }
  | { code: "session-ambiguous"; named: string; sessions: readonly string[] }
  | { code: "session-over"; session: string; state: string }
  | { code: "session-stays"; session: string; seconds: number; forced: boolean }
  | { code: "session-silent"; session: string; forced: boolean }
  | { code: "session-none" }
  | { code: "session-unrecorded"; session: string }
  | { code: "rollback-inside" }
  | { code: "rollback-unreachable"; path: string; reason: string }
  | { code: "rollback-none" }
  | { code: "rollback-missing"; id: string }
  | { code: "rollback-ambiguous"; id: string; sessions: readonly string[] }
  | { code: "rollback-untracked"; path: string; session: string }
  | { code: "rollback-unasked" }
  | { code: "rollback-budget"; path: string; limit: string; option: string }
  | { code: "rollback-needs-unknown"; reason: string }
  | { code: "rollback-not-begun"; path: string; reason: string }
  | { code: "rollback-wrap" }
  | { code: "rollback-idle" }
  | { code: "rollback-stopped"; named: string }
  | { code: "rollback-which"; named: string | undefined; sessions: readonly string[] }
  | { code: "rollback-not-kept"; session: string }
  | { code: "rollback-not-taken"; session: string; reason: string }
  | { code: "audit-inside" }
  | { code: "audit-unreachable"; path: string; reason: string }
  | { code: "audit-none" }
  | { code: "audit-missing"; id: string }
  | { code: "audit-altered"; session: string }
  | { code: "audit-ambiguous"; id: string; sessions: readonly string[] }
  | { code: "audit-anchor"; path: string; reason: string }
  | { code: "audit-input"; path: string; reason: string }
  | { code: "audit-no-proof"; path: string }
  | { code: "audit-unproven"; session: string; reason: string }
  | { code: "audit-no-checkpoint"; path: string }
  | { code: "audit-unanchored"; to: string; reason: string }
  | { code: "audit-no-collector" };

/** Codes that say how the command line is written, not what it asks for. */
const USAGE: ReadonlySet<CliProblem["code"]> = new Set([
  "unknown-command",
  "unknown-option",
  "option-without-value",
  "option-with-value",
  "option-value",
  "option-twice",
  "options-exclusive",
  "option-needs",
  "operand-missing",
  "operand-unexpected",
  "subdirectory",
  "secret-name",
  "secret-argument",
]);

export class CliError extends Error {
  override readonly name = "CliError";

  readonly problem: CliProblem;

  constructor(problem: CliProblem, options?: ErrorOptions) {
    super(messageOf(problem), options);
    this.problem = problem;
  }

  get code(): CliProblem["code"] {
    return this.problem.code;
  }

  get exitCode(): number {
    return USAGE.has(this.code) ? ExitCode.usage : ExitCode.failed;
  }
}

function messageOf(p: CliProblem): string {
  switch (p.code) {
    case "unknown-command":
      return `unknown command ${show(p.given)}${suggestion(p.nearest, `see ${p.within} --help`)}`;
    case "unknown-option":
      return `unknown option ${show(p.given)}${suggestion(p.nearest, `see ${p.within} --help`)}`;
    case "option-without-value":
      return `${p.option} needs a value: ${p.option} ${p.label}`;
    case "option-with-value":
      return `${p.option} takes no value`;
    case "option-value":
      return `${p.option} ${given(p.value)}: expected ${p.expected}`;
    case "option-twice":
      return `${p.option} is given twice, with different values`;
    case "options-exclusive":
      return `${p.option} and ${p.other} exclude each other`;
    case "option-needs":
      return `${p.option} says nothing without ${p.other}`;
    case "operand-missing":
      return `${p.command} needs more: ${p.command} ${p.usage}`;
    case "operand-unexpected":
      return `${p.command} does not take ${show(p.operand)}`;
    case "subdirectory":
      return `${show(p.option)}: expected names of directories below the working directory, as in --allow-cwd/src`;
    case "subdirectory-outside":
      return `${show(p.option)} leads out of the working directory, to ${show(p.path)}: grant that by --allow`;
    case "cwd-missing":
      return "the working directory was deleted: change to another one";
    case "workdir-file":
      return `${p.option} ${show(p.path)}: it is a file, not a directory`;
    case "proc-missing":
      return "/proc is not mounted, without which processes cannot be told apart: mount -t proc proc /proc, or start the container with it";
    case "session-directory":
      return `${show(p.path)} cannot hold temporary files: ${p.reason}`;
    case "not-in-sandbox":
      return "not in a sandbox: NONO_CAP_FILE is not set";
    case "sandbox-file":
      return `NONO_CAP_FILE ${show(p.path)} does not describe a sandbox: ${p.reason}`;
    case "connect-unsupervised":
      return `${show(p.option)} ${show(p.host)} needs a supervisor, which tells addresses apart, and ${p.why}`;
    case "guard-places":
      return placesText(p);
    case "learn-unsupervised":
      return `nono learn needs a supervisor, and ${p.why}`;
    case "secret-name":
      return "the name of a secret has letters, digits, dots, dashes and underscores";
    case "secret-argument":
      return "nono secret set takes no value as an argument, where other programs can read it: type it when asked, or pipe it in";
    case "secret-absent":
      return `there is no secret ${show(p.secret)} in ${show(p.where)}`;
    case "secret-hint":
      return `${p.message}: ${p.hint}`;
    case "secret-key-short":
      return `${show(p.path)} is too short for a key: it needs ${p.minimum} random bytes or more`;
    case "secret-prompt":
      return PROMPTS[p.given](show(p.secret));
    case "approvals-inside":
      return "in a sandbox: approvals are given from outside, by the person who started it";
    case "approval-missing":
      return `no request ${show(p.id)} waits: see nono approvals list`;
    case "approval-ambiguous":
      return `${show(p.id)} waits in several sessions: name it as ${p.sessions.map((session) => show(`${session}/${p.id}`)).join(" or ")}`;
    case "approval-answered":
      return `${show(p.id)} was answered already: ${show(p.how)}`;
    case "approval-failed":
      return `${show(p.id)} could not be answered: ${show(p.reason)}`;
    case "sessions-inside":
      return "in a sandbox: sessions are looked at and ended from outside, by the person who started them";
    case "sessions-unreachable":
      return `${show(p.path)} cannot be read: ${show(p.reason)}`;
    case "sessions-unwritable":
      return `${show(p.path)} cannot hold the record of a session (${show(p.reason)}): make it writable, or name another place by XDG_STATE_HOME`;
    case "session-name-taken":
      return `a session named ${show(p.name)} runs already, ${show(p.session)}: choose another --name, or end it by nono stop ${show(p.name)}`;
    case "session-unknown":
      return p.named === ""
        ? "the name of the session is empty: see nono ps --all"
        : `no session ${show(p.named)}: see nono ps --all`;
    case "session-ambiguous":
      return ambiguous(p.named, p.sessions);
    case "session-over":
      return `${show(p.session)} does not run: ${p.state}`;
    case "session-stays":
      return staysText(p);
    case "session-silent":
      return silentText(p);
    case "session-none":
      return "there was no session yet: nono run and nono shell begin one";
    case "session-unrecorded":
      return `${show(p.session)} has no record: it was started with --no-audit`;
    case "rollback-inside":
      return "in a sandbox: snapshots are looked at from outside, by the person who started it";
    case "rollback-unreachable":
      return `${show(p.path)} cannot hold snapshots: ${show(p.reason)}`;
    case "rollback-none":
      return "no session with snapshots: nono run --rollback takes them";
    case "rollback-missing":
      return p.id === ""
        ? "the id of the session is empty: leave it out for the latest, or see nono rollback list"
        : `no session ${show(p.id)} with snapshots: see nono rollback list`;
    case "rollback-ambiguous":
      return ambiguous(p.id, p.sessions);
    case "rollback-untracked":
      return `${show(p.path)} is not in what session ${show(p.session)} could write: see nono rollback show ${show(p.session)}`;
    case "rollback-unasked":
      return "not on a terminal: say what to restore, by PATH or --all, and --yes; or --dry-run to see what it would do";
    case "rollback-budget":
      return `${show(p.path)} holds more than the ${p.limit} that snapshots may keep: leave some out with --rollback-exclude, or say ${p.option}; nothing was started`;
    case "rollback-needs-unknown":
      return `${show(p.reason)}: what that session needs is not known, so nothing was removed; with --keep it can be removed itself`;
    case "rollback-not-begun":
      return `${show(p.path)} cannot hold the snapshot before the run (${show(p.reason)}): make room, as by nono rollback cleanup, or say --no-rollback; nothing was started`;
    case "rollback-wrap":
      return "nono wrap keeps no snapshots, because nothing of nono is left to take the one at the end: use nono run, or say --no-rollback";
    case "rollback-idle":
      return "no session runs that keeps snapshots: nono run --rollback starts one";
    case "rollback-stopped":
      return p.named === ""
        ? "the id of the session is empty: leave it out where only one runs"
        : `no session ${show(p.named)} runs: only one that runs can be asked for a snapshot`;
    case "rollback-which":
      return p.named === undefined
        ? `several sessions run that keep snapshots: ${inShort(p.sessions)}`
        : ambiguous(p.named, p.sessions);
    case "rollback-not-kept":
      return `session ${show(p.session)} keeps no snapshots: it was started without --rollback`;
    case "rollback-not-taken":
      return `no snapshot of session ${show(p.session)} was taken: ${show(p.reason)}`;
    case "audit-inside":
      return "in a sandbox: records are looked at from outside, by the person who started it";
    case "audit-unreachable":
      return `${show(p.path)} cannot hold the record: ${show(p.reason)}; --no-audit starts without one`;
    case "audit-none":
      return "no session has a record: nono run and nono shell keep one";
    case "audit-missing":
      return p.id === ""
        ? "the id of the session is empty: leave it out for the latest, or see nono audit list"
        : `no session ${show(p.id)} with a record: see nono audit list`;
    case "audit-altered":
      return `the record of session ${show(p.session)} is not as it was written: nono audit verify says more`;
    case "audit-ambiguous":
      return ambiguous(p.id, p.sessions);
    case "audit-anchor":
      return `${show(p.path)} holds no anchors: ${show(p.reason)}`;
    case "audit-input":
      return `${p.path === "-" ? "standard input" : show(p.path)} cannot be read: ${show(p.reason)}`;
    case "audit-no-proof":
      return `${p.path === "-" ? "standard input" : show(p.path)} holds no proof: what nono audit prove printed is wanted`;
    case "audit-unproven":
      return `nothing can be proven of session ${show(p.session)}: ${show(p.reason)}`;
    case "audit-no-checkpoint":
      return `${show(p.path)} holds no checkpoint: a file of nono audit anchor, or a signed note, is wanted`;
    case "audit-unanchored":
      return `the checkpoints are not kept by ${show(p.to)}: ${show(p.reason)}`;
    case "audit-no-collector":
      return "no collector is named: --endpoint URL, or OTEL_EXPORTER_OTLP_ENDPOINT";
    case "output-lost":
      return `standard output cannot be written to: ${inWords(p.reason)}: a part of the answer is missing`;
    case "output-file":
      return `${show(p.path)} cannot be written: ${inWords(p.reason)}`;
  }
}

function given(value: string): string {
  return value === "" ? "''" : show(value, 200);
}

/** @param reason may begin with an errno's name */
function inWords(reason: string): string {
  return reason.replace(/^E[A-Z0-9]+\b/, (name) => WORDS[name] ?? name);
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EDQUOT: "the disk quota is used up",
  EIO: "the device fails",
  EISDIR: "it is a directory",
  ENOENT: "its directory does not exist",
  ENOSPC: "no space is left",
  ENOTDIR: "what should be its directory is a file",
  EPERM: "operation not permitted",
  EROFS: "the file system is read-only",
};

function ambiguous(named: string, sessions: readonly string[]): string {
  return `${show(named)} begins the ids of several sessions: ${inShort(sessions)}`;
}

/** Enough of them to see what tells them apart. */
function inShort(ids: readonly string[]): string {
  const shown = ids.slice(0, 3).map((id) => show(id));
  const left = ids.length - shown.length;
  return left === 0 ? shown.join(", ") : `${shown.join(", ")} and ${left} more`;
}

function placesText({ path, example, limit, lifted }: Extract<CliProblem, { code: "guard-places" }>): string {
  const otherwise = `grant a smaller directory${lifted ? ", or say --no-guard" : ""}`;
  return `more than ${limit} names to guard, most of them below ${show(path)}, such as ${show(example)}: remove what was put there, or ${otherwise}; nothing was started`;
}

function staysText({ session, seconds, forced }: Extract<CliProblem, { code: "session-stays" }>): string {
  return forced
    ? `${show(session)} was killed and is not gone after ${seconds} seconds: something in it waits for a device`
    : `${show(session)} was asked to end and still runs after ${seconds} seconds: nono stop ${show(session)} --force ends it`;
}

function silentText({ session, forced }: Extract<CliProblem, { code: "session-silent" }>): string {
  return forced
    ? `${show(session)} does not answer, and cannot be ended from here: end it in the container that it runs in`
    : `${show(session)} does not answer: nono stop ${show(session)} --force ends it without it`;
}

const PROMPTS = {
  "no-terminal": (what: string) =>
    `${what} cannot be asked for, because standard input and error are not a terminal's: with --secret-key-file nothing is asked`,
  up: (what: string) => `${what} was not given`,
  twice: (what: string) => `${what} was not the same twice`,
  long: (what: string) => `${what} is too long to be typed: pipe it in`,
  lines: (what: string) => `${what} was more than one line, and nothing of it was taken: pipe it in`,
} as const;

function suggestion(nearest: string | undefined, otherwise: string): string {
  return nearest === undefined ? `: ${otherwise}` : `: did you mean ${nearest}?`;
}
