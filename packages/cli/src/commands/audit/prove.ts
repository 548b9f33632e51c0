// nono audit prove: an event, or that the record was only continued, to somebody who does not have it.

import { type AuditStore, type ProofDocument, proveConsistency, proveHistory, proveInclusion } from "nono-ts";
import type { Action, FlagsOf } from "../../args/command.ts";
import { checkpointsIn, sessionOfNote } from "../../audit/anchor.ts";
import { findRecord } from "../../audit/store.ts";
import { CliError } from "../../error.ts";
import { ExitCode } from "../../exit-code.ts";
import type { Io } from "../../io.ts";
import { toJson } from "../../sandbox/document.ts";
import { readInput } from "./input.ts";
import { recordsFor } from "./open.ts";
import type { AUDIT_PROVE_SECTIONS } from "./options.ts";

export const prove: Action<FlagsOf<typeof AUDIT_PROVE_SECTIONS>> = async ({ since }, { operands, io }) => {
  for (const proof of await proofs(since, operands, io)) io.stdout.write(toJson(proof));
  return ExitCode.ok;
};

async function proofs(
  since: string | undefined,
  operands: readonly string[],
  io: Io,
): Promise<readonly ProofDocument[]> {
  const store = recordsFor(io);
  if (since === undefined) return [inclusion(store, operands)];
  const notes = [...new Set(checkpointsIn(readInput(since, io), since))];
  const [named, number] = operands;
  const session = named === undefined ? undefined : findRecord(store, named);
  if (session === undefined || number === undefined) return continuations(store, notes, session, since);
  return [inclusion(store, operands), ...(await leading(store, notes, session, since))];
}

function inclusion(store: AuditStore, operands: readonly string[]): ProofDocument {
  const number = operands.at(-1);
  if (number === undefined)
    throw new CliError({ code: "operand-missing", command: "nono audit prove", usage: "[ID] N" });
  const session = findRecord(store, operands.length > 1 ? operands[0] : undefined);
  if (!/^(0|[1-9][0-9]{0,14})$/.test(number))
    throw new CliError({
      code: "option-value",
      option: "N",
      value: number,
      expected: "the number of an event, as show --json has it",
    });
  const proof = attempt(session, () => proveInclusion(store.file(session), session, Number(number)));
  if (proof !== undefined) return proof;
  throw new CliError({
    code: "audit-unproven",
    session,
    reason: `it has no event ${number} under a checkpoint`,
  });
}

/** From what somebody else keeps to a session: its own checkpoints, or one of a later session, which leads back to it. */
async function leading(
  store: AuditStore,
  notes: readonly string[],
  session: string,
  file: string,
): Promise<readonly ProofDocument[]> {
  if (notes.some((note) => sessionOfNote(note) === session))
    return continuations(store, notes, session, file);
  const history = await proveHistory(store, session, notes);
  if (history !== undefined) return [history];
  throw new CliError({
    code: "audit-unproven",
    session,
    reason: "no checkpoint there is of it, or of a later one that leads back to it",
  });
}

/** Of the checkpoints in a file those of one session, or of all. */
function continuations(
  store: AuditStore,
  all: readonly string[],
  wanted: string | undefined,
  file: string,
): readonly ProofDocument[] {
  const notes = all.filter((note) => wanted === undefined || sessionOfNote(note) === wanted);
  if (notes.length === 0) throw new CliError({ code: "audit-no-checkpoint", path: file });
  return notes.map((note) => {
    const session = sessionOfNote(note) ?? "";
    const proof = attempt(session, () => proveConsistency(store.file(session), session, note));
    if (proof !== undefined) return proof;
    throw new CliError({ code: "audit-unproven", session, reason: "it does not continue the checkpoint" });
  });
}

/** @throws CliError `audit-unproven` for a damaged record */
function attempt<T>(session: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CliError({ code: "audit-unproven", session, reason: error.message }, { cause: error });
  }
}
