// The subcommands of nono audit.

import { type Command, defineCommand, ID_OR_LATEST, NO_OPERANDS } from "../../args/command.ts";
import {
  AUDIT_ANCHOR_SECTIONS,
  AUDIT_CHECK_PROOF_SECTIONS,
  AUDIT_CLEANUP_SECTIONS,
  AUDIT_EXPORT_SECTIONS,
  AUDIT_LIST_SECTIONS,
  AUDIT_PROVE_SECTIONS,
  AUDIT_SHOW_SECTIONS,
  AUDIT_VERIFY_SECTIONS,
} from "./options.ts";

const list = defineCommand({
  name: "list",
  summary: "the sessions that have a record, newest first",
  description: ["Every nono run and nono shell keeps one, unless it was started with --no-audit."],
  examples: ["nono audit list", "nono audit list --json"],
  operands: NO_OPERANDS,
  sections: AUDIT_LIST_SECTIONS,
  load: async () => (await import("./list.ts")).list,
});

const show = defineCommand({
  name: "show",
  summary: "what a session was, and what happened in it",
  description: ["ID is the id of a session or its beginning; without it, the latest session is meant."],
  examples: ["nono audit show", "nono audit show 20260216-193311-20751 --json"],
  operands: ID_OR_LATEST,
  sections: AUDIT_SHOW_SECTIONS,
  load: async () => (await import("./show.ts")).show,
});

const verify = defineCommand({
  name: "verify",
  summary: "check that nobody changed a record since it was written",
  description: [
    "Reads the record of a session, or of all with --all, and computes its hash chain, its Merkle tree, its signatures " +
      "and its links to other sessions again. Exit code 0: it is as it was written; 1: it is not. Whoever can write " +
      "the whole log can write another one: against that, keep checkpoints elsewhere with nono audit anchor.",
  ],
  examples: ["nono audit verify", "nono audit verify --all --anchor anchors.jsonl"],
  operands: ID_OR_LATEST,
  sections: AUDIT_VERIFY_SECTIONS,
  load: async () => (await import("./verify.ts")).verify,
});

const anchor = defineCommand({
  name: "anchor",
  summary: "keep the newest checkpoints elsewhere, so that nobody can write the record anew",
  description: [
    "A checkpoint is signed, and names all that was recorded before it; the newest vouch for every session. They go to a " +
      "file, to a git note, to the standard input of COMMAND, or without any of these to standard output: one line of " +
      "JSON. Nothing is written when the record is not as it was written.",
  ],
  examples: [
    "nono audit anchor --file /mnt/usb/anchors.jsonl",
    "nono audit anchor -- ssh backup 'cat >> anchors.jsonl'",
  ],
  operands: {
    usage: "[[--] COMMAND [ARG...]]",
    min: 0,
    max: Infinity,
    passThrough: true,
    completion: "command",
  },
  sections: AUDIT_ANCHOR_SECTIONS,
  load: async () => (await import("./anchor.ts")).anchor,
});

const prove = defineCommand({
  name: "prove",
  summary: "prove to somebody without the record that an event is in it",
  description: [
    "Prints a proof as JSON, for nono audit check-proof: that event number N is in the record under its last checkpoint, " +
      "or with --since that the last checkpoint continues an earlier one. Without ID the latest session is meant, and with " +
      "--since every session that FILE has a checkpoint of. With ID, N and --since the proof also leads back to FILE, where " +
      "one checkpoint of a later session is enough.",
  ],
  examples: [
    "nono audit prove 20260216-193311-20751 4 > proof.json",
    "nono audit prove --since anchors.jsonl | nono audit check-proof -",
    "nono audit prove 20260216-193311-20751 4 --since anchors.jsonl > proof.json",
  ],
  operands: { usage: "[ID] [N]", min: 0, max: 2, completion: "none" },
  sections: AUDIT_PROVE_SECTIONS,
  load: async () => (await import("./prove.ts")).prove,
});

const checkProof = defineCommand({
  name: "check-proof",
  summary: "check proofs, without the record",
  description: [
    "FILE has what nono audit prove printed, once or several times; - is standard input. Exit code 1: it proves nothing. " +
      "Whose the key is that signed it the proof cannot tell: with --anchor it has to lead back to a checkpoint that was " +
      "kept elsewhere.",
  ],
  examples: [
    "nono audit check-proof proof.json",
    "nono audit check-proof --anchor anchors.jsonl - < proof.json",
  ],
  operands: { usage: "FILE|-", min: 1, max: 1, completion: "file" },
  sections: AUDIT_CHECK_PROOF_SECTIONS,
  load: async () => (await import("./check-proof.ts")).checkProof,
});

const cleanup = defineCommand({
  name: "cleanup",
  summary: "remove old records, so that what stays can still be verified",
  description: [
    "Without options: records older than 90 days, but never the 100 newest. The root, the keys and the length of each " +
      "that goes are recorded first. Of sessions that run, and of those whose record is damaged, nothing goes.",
  ],
  examples: ["nono audit cleanup --dry-run", "nono audit cleanup --keep 20 --older-than 30d"],
  operands: NO_OPERANDS,
  sections: AUDIT_CLEANUP_SECTIONS,
  load: async () => (await import("./cleanup.ts")).cleanup,
});

const exportCommand = defineCommand({
  name: "export",
  summary: "hand a record to other tools, or to a collector of OpenTelemetry logs",
  description: [
    "ID is the id of a session or its beginning; without it, the latest session is meant. What a collector does not take " +
      "at once is tried again, and waits, also for the next start of nono, until --pending sends it. The endpoint and the " +
      "protocol can stand in OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_EXPORTER_OTLP_PROTOCOL (or those of OTLP_LOGS), headers " +
      "only in OTEL_EXPORTER_OTLP_HEADERS, since they hold keys.",
  ],
  examples: [
    "nono audit export > session.jsonl",
    "nono audit export --format otlp --endpoint http://localhost:4318",
  ],
  operands: ID_OR_LATEST,
  sections: AUDIT_EXPORT_SECTIONS,
  load: async () => (await import("./export.ts")).exportRecord,
});

export const AUDIT_COMMANDS: readonly Command[] = [
  list,
  show,
  verify,
  anchor,
  prove,
  checkProof,
  exportCommand,
  cleanup,
];
