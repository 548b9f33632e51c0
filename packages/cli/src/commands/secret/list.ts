// nono secret list: names, never values.

import { show } from "nono-ts/internal";
import type { Action, FlagsOf } from "../../args/command.ts";
import { ExitCode } from "../../exit-code.ts";
import { toJson } from "../../sandbox/document.ts";
import { writeList } from "../../ui/list.ts";
import type { LIST_SECTIONS } from "./options.ts";
import { withStore } from "./with-store.ts";

export const list: Action<FlagsOf<typeof LIST_SECTIONS>> = async (flags, { io }) => {
  const names = await withStore(flags, io, (store) => store.names());
  if (flags.json) io.stdout.write(toJson(names));
  else
    writeList(
      io,
      names.map((name) => `${show(name)}\n`).join(""),
      "no secret is stored: see nono secret set",
    );
  return ExitCode.ok;
};
