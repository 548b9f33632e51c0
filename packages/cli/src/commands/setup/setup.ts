// nono setup: what this machine can enforce, found by trying to break out; which agents there are; and files for the
// person, when they are asked for.

import {
  type Place,
  type Protection,
  type ProtectionName,
  probe,
  type SupportInfo,
  supportInfo,
} from "nono-ts";
import { placeHere, supervisorRefusal } from "nono-ts/internal";
import type { Action, Call, Entry, FlagsOf } from "../../args/command.ts";
import { CliError } from "../../error.ts";
import { ExitCode } from "../../exit-code.ts";
import { toJson } from "../../sandbox/document.ts";
import { renderSetup } from "../../ui/setup.ts";
import { agentsIn, type FoundAgent } from "./agents.ts";
import type { SETUP_SECTIONS } from "./options.ts";

/** Without these a sandbox is none; the others depend on how new the kernel is. */
const ESSENTIAL: readonly ProtectionName[] = [
  "file-grants",
  "denials",
  "blocked-commands",
  "network",
  "process-isolation",
  "kernel-surface",
  "descriptors",
  "environment",
  "privileges",
  "session-end",
];

export type Findings = Readonly<{
  support: SupportInfo;
  /** Of what `nono run` makes here: with a supervisor where there can be one. */
  protections: readonly Protection[];
  /** Why there can be no supervisor here; null: there can. */
  unsupervised: string | null;
  place: Place;
  agents: readonly FoundAgent[];
}>;

type Flags = FlagsOf<typeof SETUP_SECTIONS>;

export const setupFor =
  (entries: readonly Entry[]): Action<Flags> =>
  async (flags, call) => {
    if (isWriting(flags)) {
      await (await import("./write.ts")).write(flags, entries, call);
      return ExitCode.ok;
    }
    const { io } = call;
    const findings = await look(call);
    io.stdout.write(flags.json ? toJson(findings) : renderSetup(findings, !flags.checkOnly, io.stdout));
    const holds = findings.support.isSupported && !findings.protections.some(isEssentialAndMissing);
    return holds ? ExitCode.ok : ExitCode.failed;
  };

/** @throws CliError `options-exclusive` for what only looks */
function isWriting({ completion, exampleProfile, checkOnly, json }: Flags): boolean {
  if (completion === undefined && exampleProfile === undefined) return false;
  const option = checkOnly ? "--check-only" : json ? "--json" : undefined;
  const other = completion === undefined ? "--example-profile" : "--completion";
  if (option !== undefined) throw new CliError({ code: "options-exclusive", option, other });
  return true;
}

async function look({ io }: Call): Promise<Findings> {
  const support = supportInfo();
  const { isSupported } = support;
  const unsupervised = isSupported ? (supervisorRefusal() ?? null) : support.details;
  return {
    support,
    protections: isSupported ? await probe({ supervisor: unsupervised === null }) : [],
    unsupervised,
    place: placeHere(),
    agents: agentsIn(io.env.PATH ?? ""),
  };
}

function isEssentialAndMissing({ name, status }: Protection): boolean {
  return status === "unavailable" && ESSENTIAL.includes(name);
}
