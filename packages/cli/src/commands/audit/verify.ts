// nono audit verify: whether what is recorded is what was written.

import { type VerifyOptions, verifyAudit } from "nono-ts";
import type { Action, FlagsOf } from "../../args/command.ts";
import { anchoredIn } from "../../audit/anchor.ts";
import { GrantedWrites, WRITE_KINDS } from "../../audit/granted-write.ts";
import { findRecord } from "../../audit/store.ts";
import { verificationDocument } from "../../audit/verification-document.ts";
import { CliError } from "../../error.ts";
import { ExitCode } from "../../exit-code.ts";
import { toJson } from "../../sandbox/document.ts";
import { renderVerification } from "../../ui/audit-verify.ts";
import { readInput } from "./input.ts";
import { recordsFor } from "./open.ts";
import type { AUDIT_VERIFY_SECTIONS } from "./options.ts";

export const verify: Action<FlagsOf<typeof AUDIT_VERIFY_SECTIONS>> = async (
  flags,
  { operands: [named], io },
) => {
  if (flags.all && named !== undefined)
    throw new CliError({ code: "options-exclusive", option: "--all", other: "ID" });
  const store = recordsFor(io);
  const anchors = flags.anchor.map((file) => anchoredIn(readInput(file, io), file));
  const given = flags.publicKey === undefined ? [] : [readInput(flags.publicKey, io).trim()];
  const keys = new Set([...given, ...anchors.map(({ firstKey }) => firstKey)]);
  const [firstKey] = keys;
  const writes = new Map<string, GrantedWrites>();
  const options: VerifyOptions = {
    ...(flags.all ? {} : { sessions: [findRecord(store, named)] }),
    ...(firstKey === undefined ? {} : { firstKey }),
    anchors: anchors.flatMap(({ checkpoints }) => checkpoints),
    watch: { kinds: WRITE_KINDS, told: (session, event) => writesOf(writes, session).add(event) },
  };
  const written = await verifyAudit(store, options);
  const unexplained = [...writes].flatMap(([session, { problems }]) =>
    problems.map((problem) => ({ session, problem })),
  );
  const found = { ...written, findings: [...written.findings, ...unexplained] };
  const several = { session: undefined, problem: "the keys that were given are not one" };
  const verification = keys.size < 2 ? found : { ...found, findings: [several, ...found.findings] };
  io.stdout.write(
    flags.json ? toJson(verificationDocument(verification)) : renderVerification(verification, io.stdout),
  );
  return verification.findings.length === 0 ? ExitCode.ok : ExitCode.failed;
};

function writesOf(all: Map<string, GrantedWrites>, session: string): GrantedWrites {
  const writes = all.get(session) ?? new GrantedWrites();
  all.set(session, writes);
  return writes;
}
