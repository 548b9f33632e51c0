// nono secret set: from the keyboard or a pipe into the keystore.

import { readSync } from "node:fs";
import { isatty } from "node:tty";
import { SecretBytes } from "nono-ts";
import { withoutLineBreak } from "nono-ts/internal";
import type { Action, FlagsOf } from "../../args/command.ts";
import { CliError } from "../../error.ts";
import { ExitCode } from "../../exit-code.ts";
import { askHidden } from "../../secret/hidden-input.ts";
import { say } from "../../ui/message.ts";
import type { SET_SECTIONS } from "./options.ts";
import { checkedName, withStore } from "./with-store.ts";

/** Bytes; more than any secret. */
const LIMIT = 1 << 20;

export const set: Action<FlagsOf<typeof SET_SECTIONS>> = async (flags, { io, operands }) => {
  if (operands.length > 1) throw new CliError({ code: "secret-argument" });
  const name = checkedName(operands[0]);
  await withStore(flags, io, async (store) => {
    const secret = isatty(0) ? await askHidden(`value of ${name}: `, name) : piped(name);
    try {
      await store.set(name, secret);
    } finally {
      secret.wipe();
    }
    say(io, `stored ${name}`);
  });
  return ExitCode.ok;
};

/** All of standard input. */
function piped(name: string): SecretBytes {
  const room = Buffer.allocUnsafeSlow(LIMIT);
  try {
    let length = 0;
    for (let count = -1; count !== 0 && length < LIMIT; length += count)
      count = readSync(0, room, length, LIMIT - length, null);
    return new SecretBytes(Uint8Array.from(withoutLineBreak(room.subarray(0, length))), name);
  } finally {
    room.fill(0);
  }
}
