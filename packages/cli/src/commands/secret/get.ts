// nono secret get: whether there is a secret, or what it is.

import type { Action, FlagsOf } from "../../args/command.ts";
import { CliError } from "../../error.ts";
import { ExitCode } from "../../exit-code.ts";
import { say } from "../../ui/message.ts";
import type { GET_SECTIONS } from "./options.ts";
import { checkedName, withStore } from "./with-store.ts";

export const get: Action<FlagsOf<typeof GET_SECTIONS>> = async (flags, { io, operands }) => {
  const name = checkedName(operands[0]);
  await withStore(flags, io, async (store) => {
    const secret = await store.get(name);
    if (secret === undefined) throw new CliError({ code: "secret-absent", secret: name, where: store.title });
    if (flags.reveal) {
      io.stdout.write(secret.bytes); // whatever they are
      io.stdout.write("\n");
    } else say(io, `${name} is there; --reveal prints it`);
    secret.wipe();
  });
  return ExitCode.ok;
};
