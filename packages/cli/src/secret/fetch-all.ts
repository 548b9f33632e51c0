// The values of all secrets of a start, one after the other: each may ask for something.

import {
  type CanonicalPath,
  fetchSecret,
  parseSecretReference,
  type SecretBytes,
  type SecretStore,
  systemKeyring,
} from "nono-ts";
import { hideMemory } from "nono-ts/internal";
import type { Io } from "../io.ts";
import type { Variables } from "../policy/variables.ts";
import { withHint } from "./hint.ts";
import type { SecretName } from "./injected.ts";
import { openStore } from "./open-store.ts";
import type { StoreFlags } from "./store-options.ts";

export type FetchOptions = Readonly<{
  flags: StoreFlags;
  io: Pick<Io, "env" | "uid" | "cwd">;
  variables: Variables;
  exposed: readonly CanonicalPath[];
}>;

/** @throws NonoError, CliError by the name of the first that cannot be had; what was read is overwritten then */
export async function fetchAll(
  names: readonly SecretName[],
  { flags, io, variables, exposed }: FetchOptions,
): Promise<readonly SecretBytes[]> {
  hideMemory();
  let store: SecretStore | undefined;
  const sources = {
    env: io.env,
    uid: io.uid,
    exposed,
    store: () => {
      store ??= openStore(flags, { variables, io, exposed });
      return store;
    },
    keyring: systemKeyring,
  };
  const values: SecretBytes[] = [];
  try {
    for (const { reference } of names)
      values.push(await fetchSecret(parseSecretReference(reference), reference, sources));
    return values;
  } catch (error) {
    for (const value of values) value.wipe();
    throw withHint(error, flags);
  } finally {
    store?.close();
  }
}
