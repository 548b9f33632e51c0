// The record that a run keeps unless it is told not to.

import type { Call } from "../../args/command.ts";
import { Recorder } from "../../audit/recorder.ts";
import { redactorOf } from "../../audit/redactor-of.ts";
import { startData } from "../../audit/start-data.ts";
import { openRecords, unreachable } from "../../audit/store.ts";
import { CliError } from "../../error.ts";
import { stateDirectory } from "../../policy/placed/protected-roots.ts";
import type { Companion } from "../../run/companion.ts";
import type { Prepared } from "../../sandbox/prepare.ts";
import { reasonOf, say, warn } from "../../ui/message.ts";

export function auditCompanion(sandbox: Prepared, { io }: Call): Companion {
  const { session, loaded } = sandbox;
  const state = stateDirectory(loaded.variables);
  let recorder: Recorder | undefined;

  return {
    async begin() {
      try {
        recorder = await Recorder.begin(
          openRecords(state),
          session.id,
          startData(sandbox, io.uid),
          redactorOf(sandbox),
        );
      } catch (error) {
        const failure = unreachable(state, error);
        if (!io.env.NONO_CAP_FILE || !(failure instanceof CliError)) throw failure;
        say(io, "inside a sandbox: the record is that of the sandbox around it");
      }
    },

    started: () => recorder?.started(),

    witness: {
      decided: (kind, request) => recorder?.witness.decided(kind, request),
      observed: (list) => recorder?.witness.observed(list),
    },

    happened: (event) => recorder?.happened(event),

    async ended(ending) {
      await recorder?.ended(ending);
      if (recorder?.failure !== undefined)
        warn(io, `the record of this session is incomplete: ${reasonOf(recorder.failure)}`);
    },

    close: () => recorder?.close(),
  };
}
