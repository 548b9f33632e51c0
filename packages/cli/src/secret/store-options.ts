// The options that say which keystore is meant.

import { FILE, oneOf } from "../args/operand.ts";
import { one } from "../args/option.ts";

export const STORE_OPTIONS = {
  secretStore: one(
    oneOf("STORE", "system", "file"),
    "where secrets are kept: the system's keystore, unless file: an encrypted file of nono's",
    { env: "NONO_SECRET_STORE" },
  ),
  secretKeyFile: one(FILE, "FILE opens the file store; a passphrase is asked for when not given", {
    env: "NONO_SECRET_KEY_FILE",
  }),
} as const;

export type StoreFlags = Readonly<{
  secretStore: "system" | "file" | undefined;
  secretKeyFile: string | undefined;
}>;
