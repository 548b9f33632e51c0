// nono secret list: names, never values.

import { show } from "nono-ts";
import type { Action, FlagsOf } from "../../args/command.ts";
import { ExitCode } from "../../exit-code.ts";
import { toJson } from "../../sandbox/document.ts";
import type { LIST_SECTIONS } from "./options.ts";
import { withStore } from "./with-store.ts";

export const list: Action<FlagsOf<typeof LIST_SECTIONS>> = async (flags, { io }) => {
  const names = await withStore(flags, io, (store) => store.names());
  io.stdout.write(flags.json ? toJson(names) : names.map((name) => `${show(name)}\n`).join(""));
  return ExitCode.ok;
};
