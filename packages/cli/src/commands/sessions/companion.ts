// What every run has: a place in the register, and a socket on which it can be reached from other terminals.

import type { Ending, Guarded } from "nono-ts";
import type { Call } from "../../args/command.ts";
import { redactorOf } from "../../audit/redactor-of.ts";
import { answering, type Caller, type Control } from "../../control/control.ts";
import { CliError } from "../../error.ts";
import { stateDirectory } from "../../policy/placed/protected-roots.ts";
import { takeName } from "../../register/names.ts";
import { endedRecord, type Feature, RECORD, type SessionRecord } from "../../register/record.ts";
import {
  KEY,
  makeSessionDirectory,
  type SessionDirectory,
  SOCKET,
} from "../../register/session-directory.ts";
import { supervisorProcess } from "../../register/supervisor-process.ts";
import type { Companion } from "../../run/companion.ts";
import type { Prepared } from "../../sandbox/prepare.ts";

export type Registered = Readonly<{
  name: string | undefined;
  features: readonly Feature[];
  control: Control;
}>;

export function registerCompanion(
  { name, features, control }: Registered,
  sandbox: Prepared,
  { io }: Call,
): Companion {
  const counts = { denied: 0, asked: 0 };
  const tree = stoppable();
  let entry: Readonly<{ directory: SessionDirectory; record: SessionRecord }> | undefined;

  const unwritable = (cause: unknown) => {
    const path = stateDirectory(sandbox.loaded.variables);
    return new CliError({ code: "sessions-unwritable", path, reason: (cause as Error).message }, { cause });
  };

  const open = async (): Promise<typeof entry> => {
    const state = stateDirectory(sandbox.loaded.variables);
    const release = name === undefined ? undefined : await takeName(state, name);
    let directory: SessionDirectory | undefined;
    try {
      const record = recordOf(sandbox, name, features, io.pid);
      directory = makeSessionDirectory(state, record.session_id);
      control.add({ stop: answering(({ force }, caller) => tree.stop(force === true, caller)) });
      control.listen(directory, io.uid);
      // Last: who reads it finds somebody who listens.
      directory.write(RECORD, JSON.stringify(record));
      return { directory, record };
    } catch (error) {
      directory?.discard();
      throw error;
    } finally {
      release?.();
    }
  };

  return {
    async begin() {
      try {
        entry = await open();
      } catch (error) {
        if (error instanceof CliError) throw error;
        // Inside of another sandbox the register is out of reach, as it should be.
        if (io.env.NONO_CAP_FILE) return;
        throw unwritable(error);
      }
    },

    started: tree.started,

    happened({ kind }) {
      if (kind === "denied") counts.denied += 1;
      if (kind === "question") counts.asked += 1;
    },

    async ended(ending: Ending) {
      try {
        entry?.directory.write(RECORD, JSON.stringify(endedRecord(entry.record, new Date(), ending, counts)));
      } catch (error) {
        throw unwritable(error);
      }
      control.close();
      entry?.directory.remove(SOCKET, KEY);
    },

    close() {
      control.close();
      // One that never began has nothing to tell.
      if (entry !== undefined && !tree.hasStarted()) entry.directory.discard();
      entry?.directory.close();
    },
  };
}

function recordOf(
  sandbox: Prepared,
  name: string | undefined,
  features: readonly Feature[],
  pid: number,
): SessionRecord {
  const { session, command, document } = sandbox;
  return {
    format: 1,
    session_id: session.id,
    name: name ?? null,
    supervisor: supervisorProcess(pid),
    command: redactorOf(sandbox).commandLine(command.argv),
    executable: command.path,
    cwd: command.cwd,
    profile: document.profile,
    started: new Date().toISOString(),
    features,
    ended: null,
    exit_code: null,
    signal: null,
    counts: null,
  };
}

/** The session's tree, once there is one. Who asks for its end is told when it has come. */
function stoppable() {
  let running: Guarded | undefined;
  let wanted: "no" | "stop" | "force" = "no";
  const tellEnded: Caller[] = [];
  return {
    hasStarted: () => running !== undefined,
    started(guarded: Guarded): void {
      running = guarded;
      if (wanted !== "no") guarded.stop(wanted === "force");
      void guarded.ended.then(() => {
        for (const caller of tellEnded) caller.tell({ is: "tree-ended" });
      });
    },
    stop(force: boolean, caller: Caller) {
      tellEnded.push(caller);
      if (running === undefined) wanted = force ? "force" : "stop";
      else running.stop(force);
      return { is: "stopping" };
    },
  };
}
