// nono inspect: what is known of a session.

import type { Action, FlagsOf } from "../../args/command.ts";
import { ExitCode } from "../../exit-code.ts";
import { findSession } from "../../register/find.ts";
import { processesOf } from "../../register/processes.ts";
import { sessionsIn } from "../../register/registry.ts";
import { toJson } from "../../sandbox/document.ts";
import { renderSession } from "../../ui/session.ts";
import { sessionDocument } from "./document.ts";
import { registerFor } from "./open.ts";
import type { INSPECT_SECTIONS } from "./options.ts";

export const inspect: Action<FlagsOf<typeof INSPECT_SECTIONS>> = async (
  { json },
  { operands: [named], io },
) => {
  const session = findSession(sessionsIn(await registerFor(io)), named);
  const processes = processesOf(session);
  io.stdout.write(
    json
      ? toJson({ ...sessionDocument(session), processes })
      : renderSession(session, processes, new Date(), io.stdout),
  );
  return ExitCode.ok;
};
