// nono secret rm.

import type { Action, FlagsOf } from "../../args/command.ts";
import { CliError } from "../../error.ts";
import { ExitCode } from "../../exit-code.ts";
import { say } from "../../ui/message.ts";
import type { RM_SECTIONS } from "./options.ts";
import { checkedName, withStore } from "./with-store.ts";

export const rm: Action<FlagsOf<typeof RM_SECTIONS>> = async (flags, { io, operands }) => {
  const name = checkedName(operands[0]);
  await withStore(flags, io, async (store) => {
    if (!(await store.remove(name)))
      throw new CliError({ code: "secret-absent", secret: name, where: store.title });
    say(io, `removed ${name}`);
  });
  return ExitCode.ok;
};
