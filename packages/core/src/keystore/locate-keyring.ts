// The compiled half of @napi-rs/keyring: beside the compiled executable, else in the library's own package. Its
// JavaScript half is passed over, because it loads whatever file the variable NAPI_RS_NATIVE_LIBRARY_PATH names.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { NonoError } from "../error.ts";
import { isCompiled } from "../native/locate.ts";

/** The part of @napi-rs/keyring that is used, in words of our own: who installs the library alone may not have it. */
export type KeyringBinding = Readonly<{
  AsyncEntry: new (
    service: string,
    account: string,
    options: Readonly<{ linux: Readonly<{ store: "secret-service" }> }>,
  ) => Readonly<{
    getSecret(signal: AbortSignal): Promise<number[] | null | undefined>;
    setSecret(secret: Uint8Array, signal: AbortSignal): Promise<void>;
    deleteCredential(signal: AbortSignal): Promise<boolean>;
  }>;
  findCredentialsAsync(
    service: string,
    target: undefined,
    signal: AbortSignal,
  ): Promise<readonly Readonly<{ account: string }>[]>;
}>;

/** @throws NonoError `native-missing` */
export function loadKeyring(): KeyringBinding {
  const loaded = { exports: {} };
  process.dlopen(loaded, keyringFile());
  return loaded.exports as KeyringBinding;
}

function keyringFile(): string {
  if (!isCompiled()) return packagedFile();
  const directory = path.dirname(process.execPath);
  const file = path.join(directory, "keyring.node");
  if (!existsSync(file)) throw new NonoError({ code: "native-missing", file: "keyring.node", directory });
  return file;
}

/** npm installs the one package that fits this system and its C library. */
function packagedFile(): string {
  const platform = `@napi-rs/keyring-${process.platform}-${process.arch}`;
  try {
    const library = createRequire(createRequire(import.meta.url).resolve("@napi-rs/keyring/package.json"));
    for (const name of [`${platform}-gnu`, `${platform}-musl`, platform]) {
      try {
        return library.resolve(name);
      } catch {
        // not this one
      }
    }
  } catch {
    // the library is not installed: nothing can be in it
  }
  const directory = path.dirname(fileURLToPath(import.meta.url));
  throw new NonoError({ code: "native-missing", file: platform, directory });
}
