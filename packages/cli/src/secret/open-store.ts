// The keystore that was chosen. The file store is never a substitute for a system's that is not there.

import {
  type CanonicalPath,
  fileStore,
  type SecretBytes,
  type SecretStore,
  systemKeyring,
  type Unlock,
} from "nono-ts";
import { readPrivateFile, resolvePath } from "nono-ts/internal";
import { CliError } from "../error.ts";
import type { Io } from "../io.ts";
import { refuseSharedState, stateDirectory } from "../policy/placed/protected-roots.ts";
import type { Variables } from "../policy/variables.ts";
import { askHidden } from "./hidden-input.ts";
import type { StoreFlags } from "./store-options.ts";

/** What nono's secrets are filed under in the system's keystore. */
const SERVICE = "nono";

export type StorePlace = Readonly<{
  variables: Variables;
  io: Pick<Io, "cwd" | "uid">;
  /** Directories that a sandboxed command may write: no key is read from there. */
  exposed: readonly CanonicalPath[];
}>;

/** @throws CliError `option-needs`; PolicyError `state-untrusted`; NonoError `keystore-unavailable`, `native-missing` */
export function openStore({ secretStore, secretKeyFile }: StoreFlags, place: StorePlace): SecretStore {
  if (secretStore === "file") {
    const state = stateDirectory(place.variables);
    refuseSharedState(state, place.io.uid);
    return fileStore(resolvePath(state, "secrets"), unlockBy(secretKeyFile, place));
  }
  if (secretKeyFile !== undefined)
    throw new CliError({ code: "option-needs", option: "--secret-key-file", other: "--secret-store file" });
  return systemKeyring(SERVICE);
}

function unlockBy(keyFile: string | undefined, { io, exposed }: StorePlace): Unlock {
  if (keyFile === undefined) return { method: "passphrase", ask: askPassphrase };
  const file = resolvePath(io.cwd(), keyFile);
  const ask = async () => {
    const key = readPrivateFile(file, keyFile, { uid: io.uid, exposed });
    if (key.bytes.length >= KEY_MINIMUM) return key;
    key.wipe();
    throw new CliError({ code: "secret-key-short", path: keyFile, minimum: KEY_MINIMUM });
  };
  return { method: "key-file", ask };
}

/** Bytes: as many as a key of AES-128, were they random. */
const KEY_MINIMUM = 16;

async function askPassphrase(isNew: boolean): Promise<SecretBytes> {
  if (!isNew) return await askHidden("passphrase of the secrets: ", "the passphrase");
  const passphrase = await askHidden("new passphrase for the secrets: ", "the passphrase");
  const again = await askHidden("the same again: ", "the passphrase");
  const same = Buffer.compare(passphrase.bytes, again.bytes) === 0;
  again.wipe();
  if (same) return passphrase;
  passphrase.wipe();
  throw new CliError({ code: "secret-prompt", secret: "the passphrase", given: "twice" });
}
