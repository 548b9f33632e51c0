// nono ps: which sessions there are.

import type { Action, FlagsOf } from "../../args/command.ts";
import { ExitCode } from "../../exit-code.ts";
import { sessionsIn } from "../../register/registry.ts";
import { toJson } from "../../sandbox/document.ts";
import { renderSessionTable } from "../../ui/sessions.ts";
import { sessionDocument } from "./document.ts";
import { registerFor } from "./open.ts";
import type { PS_SECTIONS } from "./options.ts";

export const ps: Action<FlagsOf<typeof PS_SECTIONS>> = async ({ all, json }, { io }) => {
  const sessions = sessionsIn(await registerFor(io)).filter(({ state }) => all || state === "running");
  io.stdout.write(
    json ? toJson(sessions.map(sessionDocument)) : renderSessionTable(sessions, new Date(), io.stdout),
  );
  return ExitCode.ok;
};
