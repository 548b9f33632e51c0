// The keystore of a command that was called outside of any sandbox.

import { isAccountName, type SecretStore } from "nono-ts";
import { canonicalizeMissing, hideMemory, isWithin } from "nono-ts/internal";
import { CliError } from "../../error.ts";
import type { Io } from "../../io.ts";
import { variablesOf } from "../../policy/variables.ts";
import { surroundingsHere } from "../../sandbox/surroundings.ts";
import { withHint } from "../../secret/hint.ts";
import { openStore } from "../../secret/open-store.ts";
import type { StoreFlags } from "../../secret/store-options.ts";

/** @throws CliError `secret-name`; what `openStore` and `use` throw */
export async function withStore<T>(
  flags: StoreFlags,
  io: Io,
  use: (store: SecretStore) => Promise<T>,
): Promise<T> {
  hideMemory();
  const cwd = io.cwd();
  const variables = variablesOf(surroundingsHere(io, cwd));
  const [work, home] = [canonicalizeMissing(cwd), canonicalizeMissing(variables.HOME ?? "/")];
  const store = openStore(flags, { variables, io, exposed: isWithin(home, work) ? [] : [work] });
  try {
    return await use(store);
  } catch (error) {
    throw withHint(error, flags);
  } finally {
    store.close();
  }
}

/** The name that was typed. It is not repeated when it is none: by mistake it may be the secret. */
export function checkedName(text: string | undefined): string {
  if (text !== undefined && isAccountName(text)) return text;
  throw new CliError({ code: "secret-name" });
}
