// What can be wrong with a policy: its files, its names, and what it asks for. One class with a code.

import { show } from "nono-ts/internal";
import { ExitCode } from "../exit-code.ts";
import { HOLDS_SECRET } from "./holds-secret.ts";

/** A `code` is API: never renamed. `line` and `column` count from 1. */
export type PolicyProblem =
  | { code: "grant-protected"; option: string; path: string; root: string; around: boolean }
  | {
      code: "bypass-unmatched";
      option: string;
      path: string;
      within: Readonly<{ path: string; source: string }> | undefined;
    }
  | { code: "link-untrusted"; option: string; path: string; link: string; target: string }
  | { code: "not-created"; source: string; path: string; reason: string }
  | { code: "pattern-denied"; option: string; pattern: string; denied: string; source: string }
  | { code: "command-name"; option: string; name: string }
  | { code: "host-unknown"; option: string; host: string; reason: string }
  | { code: "variable-pattern"; option: string; pattern: string }
  | { code: "secret-reference"; option: string; reason: string }
  | { code: "secret-variable-missing"; option: string; reference: string }
  | { code: "secret-variable"; option: string; name: string; why: string }
  | { code: "secret-twice"; option: string; name: string; other: string }
  | { code: "secret-command"; option: string; reference: string; directory: string }
  | { code: "variable-unset"; source: string; text: string; variable: string }
  | { code: "home-unknown"; reason: string }
  | { code: "home-missing"; home: string; reason: string }
  | { code: "profile-missing"; name: string; nearest: string | undefined }
  | { code: "profile-ambiguous"; name: string; file: string }
  | { code: "profile-unnamed"; file: string; names: readonly string[] }
  | { code: "profile-not-in-file"; file: string; name: string; nearest: string | undefined }
  | { code: "profile-cycle"; chain: readonly string[] }
  | { code: "group-missing"; name: string; source: string; nearest: string | undefined }
  | { code: "group-required"; name: string; source: string }
  | { code: "profile-secret"; text: string }
  | { code: "config-unreadable"; file: string; reason: string }
  | { code: "config-untrusted"; file: string; path: string; why: string; remedy: string }
  | { code: "state-untrusted"; directory: string; why: string; remedy: string }
  | { code: "config-in-workdir"; file: string; workdir: string; instead: string }
  | { code: "config-granted"; file: string; option: string; path: string }
  | { code: "config-syntax"; file: string; line: number; column: number; reason: string }
  | {
      code: "config-key";
      file: string;
      line: number;
      column: number;
      key: string;
      where: string;
      nearest: string | undefined;
    }
  | { code: "config-value"; file: string; line: number; column: number; where: string; reason: string };

export class PolicyError extends Error {
  override readonly name = "PolicyError";
  readonly exitCode: ExitCode = ExitCode.failed;

  readonly problem: PolicyProblem;

  constructor(problem: PolicyProblem, options?: ErrorOptions) {
    super(messageOf(problem), options);
    this.problem = problem;
  }

  get code(): PolicyProblem["code"] {
    return this.problem.code;
  }
}

/** The problem as one line for people. */
export function messageOf(p: PolicyProblem): string {
  switch (p.code) {
    case "grant-protected":
      return `${show(p.option)} ${show(p.path)} would reach ${show(p.root)}, which no grant may: grant ${p.around ? "directories in it, or start in one" : "a directory beside it"}`;
    case "bypass-unmatched":
      return p.within === undefined
        ? `${show(p.option)} ${show(p.path)}: nothing denies that path by name`
        : `${show(p.option)} ${show(p.path)}: what is denied is ${show(p.within.path)}, by ${show(p.within.source)}: name that`;
    case "link-untrusted":
      return `${show(p.option)} ${show(p.path)} goes through the link ${show(p.link)}, which a sandboxed command or another user may have made: name its target ${show(p.target)} on the command line`;
    case "not-created":
      return `${show(p.source)} needs ${show(p.path)}, which cannot be made: ${p.reason}`;
    case "pattern-denied":
      return `${show(p.option)} ${show(p.pattern)} would match ${show(p.denied)}, which ${show(p.source)} denies: narrow the pattern`;
    case "host-unknown":
      return `${show(p.option)} ${show(p.host)}: ${show(p.reason)}: name an address, or try again when it is known`;
    case "command-name":
      return `${show(p.option)} ${show(p.name)}: a command is a name, or the absolute path of an executable`;
    case "variable-pattern":
      return `${show(p.option)} ${show(p.pattern)}: expected the name of a variable, in which * stands for anything`;
    case "secret-reference":
      return `${show(p.option)}: ${p.reason}`;
    case "secret-variable-missing":
      return `${show(p.option)} ${show(p.reference)} does not say which variable it is for: --secret-env '${show(p.reference)}=NAME'`;
    case "secret-variable":
      return `${show(p.option)}: no secret goes into ${show(p.name)}, because ${p.why}: choose another variable`;
    case "secret-twice":
      return `${show(p.option)} and ${show(p.other)} both put a secret into ${show(p.name)}: keep one`;
    case "secret-command":
      return `${show(p.option)} ${show(p.reference)}: only a profile of yours in ${show(p.directory)} may name a command to run`;
    case "variable-unset":
      return `${show(p.source)}: ${show(p.text)} needs $${p.variable}, which has no value here: set it`;
    case "home-missing":
      return `the home directory ${show(p.home)} ${p.reason}, so nothing can be kept there: set HOME to another, or make it`;
    case "home-unknown":
      return `there is no home directory to protect: ${p.reason}: set HOME to an absolute path`;
    case "profile-missing":
      return `no profile is called ${show(p.name)}: ${meantOr(p.nearest, "nono profile list shows them all")}`;
    case "profile-ambiguous":
      return `${show(p.name)} is a built-in profile and ${show(p.file)} has the same name: rename the file, or name it with its path`;
    case "profile-unnamed":
      return `${show(p.file)} holds the profiles ${p.names.map((name) => show(name)).join(", ")}: say which one with FILE#NAME`;
    case "profile-not-in-file":
      return `${show(p.file)} holds no profile called ${show(p.name)}${meant(p.nearest)}`;
    case "profile-cycle":
      return `profiles extend each other in a circle: ${p.chain.map((name) => show(name)).join(" extends ")}`;
    case "group-missing":
      return `${show(p.source)} names the group ${show(p.name)}, which does not exist: ${meantOr(p.nearest, "nono profile groups shows them all")}`;
    case "group-required":
      return `${show(p.source)} excludes the group ${show(p.name)}, which is required: lift single denials with bypass_protection`;
    case "profile-secret":
      return `${show(p.text)} is not for a profile, which is kept and shown: ${HOLDS_SECRET}; allow it for the session instead`;
    case "config-unreadable":
      return `${show(p.file)} cannot be read: ${p.reason}`;
    case "config-untrusted":
      return `${show(p.file)} is not read, because ${p.path === p.file ? "it" : show(p.path)} ${p.why}: ${p.remedy}`;
    case "state-untrusted":
      return `nothing is kept in ${show(p.directory)}, because it ${p.why}: ${p.remedy}, or name another place by XDG_STATE_HOME`;
    case "config-in-workdir":
      return `${show(p.file)} is not read, because it lies below the working directory ${show(p.workdir)}, which a sandboxed command may have written: move it to ${show(p.instead)}`;
    case "config-granted":
      return `${show(p.option)} ${show(p.path)} would let the command write ${show(p.file)}, which grants it its rights: keep that file elsewhere`;
    case "config-syntax":
      return `${place(p)}: ${p.reason}`;
    case "config-key":
      return `${place(p)}: unknown key ${show(p.key)} in ${p.where}${meant(p.nearest)}`;
    case "config-value":
      return `${place(p)}: ${p.where === "" ? "" : `${p.where}: `}${p.reason}`;
  }
}

function place(p: { file: string; line: number; column: number }): string {
  return `${show(p.file)}:${p.line}:${p.column}`;
}

function meantOr(nearest: string | undefined, otherwise: string): string {
  return nearest === undefined ? otherwise : `did you mean ${show(nearest)}?`;
}

function meant(nearest: string | undefined): string {
  return nearest === undefined ? "" : `, did you mean ${show(nearest)}?`;
}
