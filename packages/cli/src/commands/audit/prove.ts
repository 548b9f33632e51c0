// nono audit prove: an event, or that the record was only continued, to somebody who does not have it.

import { type ProofDocument, proveConsistency, proveInclusion } from "nono-ts";
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

export const prove: Action<FlagsOf<typeof AUDIT_PROVE_SECTIONS>> = ({ since }, { operands, io }) => {
  for (const proof of since === undefined ? [inclusion(io, operands)] : continuations(io, since, operands))
    io.stdout.write(toJson(proof));
  return ExitCode.ok;
};

function inclusion(io: Io, operands: readonly string[]): ProofDocument {
  const number = operands.at(-1);
  if (number === undefined)
    throw new CliError({ code: "operand-missing", command: "nono audit prove", usage: "[ID] N" });
  const store = recordsFor(io);
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

/** Of the checkpoints in a file those of one session, or of all. */
function continuations(io: Io, file: string, [named, number]: readonly string[]): readonly ProofDocument[] {
  if (number !== undefined) throw new CliError({ code: "options-exclusive", option: "--since", other: "N" });
  const store = recordsFor(io);
  const wanted = named === undefined ? undefined : findRecord(store, named);
  const notes = [...new Set(checkpointsIn(readInput(file, io), file))].filter(
    (note) => wanted === undefined || sessionOfNote(note) === wanted,
  );
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
