// The record that a run keeps unless it is told not to.

import type { Call } from "../../args/command.ts";
import type { Recorder } from "../../audit/recorder.ts";
import { CliError } from "../../error.ts";
import { stateDirectory } from "../../policy/placed/protected-roots.ts";
import type { Companion } from "../../run/companion.ts";
import type { Prepared } from "../../sandbox/prepare.ts";
import { reasonOf, say, warn } from "../../ui/message.ts";

export function auditCompanion(sandbox: Prepared, { io }: Call): Companion {
  const state = stateDirectory(sandbox.loaded.variables);
  let recorder: Recorder | undefined;

  return {
    async beginBeside(before) {
      let others: Promise<void> | undefined;
      const begun = () => {
        others ??= before();
        return others;
      };
      // Only now: the launcher makes its rules meanwhile.
      const { beginRecord } = await import("../../audit/begin-record.ts");
      try {
        recorder = await beginRecord(state, sandbox, io.uid, begun);
      } catch (failure) {
        await begun(); // what keeps those before it from beginning is told first
        if (!io.env.NONO_CAP_FILE || !(failure instanceof CliError)) throw failure;
        say(io, "inside a sandbox: the record is that of the sandbox around it");
      }
      await begun(); // where nothing was waited for
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
