// The options of the subcommands of nono audit.

import { plain } from "../../args/command.ts";
import { AGE, DIRECTORY, FILE, INDEX, oneOf, PATH, SECONDS, URL_TEXT } from "../../args/operand.ts";
import { flag, many, one } from "../../args/option.ts";

export const AUDIT_LIST_SECTIONS = plain({
  json: flag("answer as JSON: an array of sessions, newest first"),
});

export const AUDIT_SHOW_SECTIONS = plain({
  all: flag("show every event, however many there are"),
  path: one(
    PATH,
    "only what the record tells of PATH: when it changed, what let it, which commands named it",
  ),
  json: flag("answer as JSON: what was started, its snapshots, and every event"),
});

export const AUDIT_VERIFY_SECTIONS = plain({
  all: flag("verify every session, and that none is missing"),
  publicKey: one(FILE, "the first key has to be the one in FILE"),
  anchor: many(FILE, "what was recorded has to continue the checkpoints in FILE"),
  json: flag("answer as JSON"),
});

export const AUDIT_PROVE_SECTIONS = plain({
  since: one(
    FILE,
    "prove that the record continues the checkpoint in FILE; with an event, that it follows from it, too",
  ),
});

export const AUDIT_CHECK_PROOF_SECTIONS = plain({
  anchor: many(FILE, "it has to start from a checkpoint in FILE"),
  json: flag("answer as JSON"),
});

export const AUDIT_ANCHOR_SECTIONS = plain({
  file: many(FILE, "append to FILE, which verify --anchor reads"),
  gitNote: many(DIRECTORY, "add a note to the latest commit of the repository in DIR"),
});

export const AUDIT_CLEANUP_SECTIONS = plain({
  keep: one(INDEX, "the newest NUMBER records stay, whatever else is said; alone: all others go"),
  olderThan: one(AGE, "records that began before that go, as in 12h, 30d or 8w"),
  dryRun: flag("say what would go, and remove nothing"),
  json: flag("answer as JSON"),
});

export const AUDIT_EXPORT_SECTIONS = plain({
  format: one(
    oneOf("FORMAT", "jsonl", "otlp"),
    "jsonl, the usual: the lines of the record, as they were written, on standard output; otlp: OpenTelemetry logs",
  ),
  endpoint: one(URL_TEXT, "the collector, as in http://localhost:4318"),
  protocol: one(
    oneOf("PROTOCOL", "http/protobuf", "http/json"),
    "how they are written for it; http/protobuf when not given",
  ),
  timeout: one(SECONDS, "how long it is tried; 60 when not given"),
  pending: flag("send what still waits for its collector"),
});
