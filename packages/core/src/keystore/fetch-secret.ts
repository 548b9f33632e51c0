// From a reference to the secret that it stands for.

import { type FoundCommand, findCommand } from "../command/find-command.ts";
import { NonoError } from "../error.ts";
import { directoryOf } from "../files/path-names.ts";
import { bytesOf } from "../text/bytes.ts";
import { show } from "../text/show.ts";
import { readPrivateFile } from "./private-file.ts";
import { outputOf } from "./program-output.ts";
import type { SecretReference } from "./reference.ts";
import { SecretBytes, withoutLineBreak } from "./secret-bytes.ts";
import type { SecretStore } from "./secret-store.ts";
import { type Trust, trustedPath } from "./trusted-path.ts";
import { invocationOf } from "./vendor.ts";

export type Sources = Trust &
  Readonly<{
    /** The caller's variables. */
    env: Readonly<Record<string, string | undefined>>;
    /** Where names without a scheme are looked up. */
    store: () => SecretStore;
    /** The system's keystore, what other programs put there included. */
    keyring: (service: string) => SecretStore;
  }>;

/** What programs get as PATH, behind the directory that they lie in: an interpreter lies beside them, or here. */
const SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin";

/**
 * @param name what the reference is called in messages
 * @throws NonoError `secret-missing`, `secret-unreadable`, `secret-untrusted`, `secret-value`, and what stores throw
 */
export async function fetchSecret(
  reference: SecretReference,
  name: string,
  sources: Sources,
): Promise<SecretBytes> {
  switch (reference.scheme) {
    case "store":
      return await fromStore(sources.store(), reference.account, name);
    case "keyring":
      return await foreign(sources.keyring(reference.service), reference.account, name);
    case "env": {
      const value = sources.env[reference.variable];
      if (value === undefined) throw missing(name, "the environment");
      return new SecretBytes(withoutLineBreak(bytesOf(value)), name);
    }
    case "file":
      return readPrivateFile(reference.path, name, sources);
    default:
      return await fromProgram(reference, name, sources);
  }
}

async function fromStore(store: SecretStore, account: string, name: string): Promise<SecretBytes> {
  const secret = await store.get(account);
  if (secret === undefined) throw missing(name, store.title);
  return secret;
}

/** What another program stored, such as `echo | secret-tool store`, may end in a line break. */
async function foreign(store: SecretStore, account: string, name: string): Promise<SecretBytes> {
  const { bytes } = await fromStore(store, account, name);
  return new SecretBytes(withoutLineBreak(bytes), name);
}

function missing(secret: string, where: string): NonoError {
  return new NonoError({ code: "secret-missing", secret, where });
}

async function fromProgram(
  reference: Parameters<typeof invocationOf>[0],
  name: string,
  sources: Sources,
): Promise<SecretBytes> {
  const { program, args, variables, read } = invocationOf(reference);
  const { path, argv0, search } = programFor(program, name, sources);
  const given = Object.entries(sources.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && variables.test(entry[0]),
  );
  const environment = { ...Object.fromEntries(given), PATH: search };
  const output = await outputOf({ path, argv0, args, environment }, name);
  try {
    const value = Uint8Array.from(withoutLineBreak(read(output)));
    return new SecretBytes(value, name);
  } catch (error) {
    if (error instanceof NonoError) throw error;
    const reason = (error as RangeError).message;
    throw new NonoError({ code: "secret-unreadable", secret: name, reason }, { cause: error });
  } finally {
    output.fill(0);
  }
}

/**
 * Found in the absolute directories of PATH, and executed by its real path, so that no link is followed that was not
 * looked at. Its interpreter is looked for where the program itself will look, and has to be trusted as well.
 */
function programFor(
  program: string,
  secret: string,
  sources: Sources,
): Readonly<{ path: string; argv0: string; search: string }> {
  const found = located(program, absoluteOnly(sources.env.PATH ?? SYSTEM_PATH), secret);
  const search = `${trustedPath(directoryOf(found.path), secret, sources)}:${SYSTEM_PATH}`;
  const { files } = located(found.path, search, secret);
  const [path = found.path] = files.map((file) => trustedPath(file, secret, sources));
  return { path, argv0: found.path, search };
}

function located(program: string, search: string, secret: string): FoundCommand {
  const unreadable = (reason: string, cause?: unknown) =>
    new NonoError({ code: "secret-unreadable", secret, reason }, { cause });
  if (program.includes("/") && !program.startsWith("/"))
    throw unreadable(`${show(program)} is no name and no absolute path`);
  try {
    return findCommand(program, { path: search, cwd: "/" });
  } catch (error) {
    throw unreadable((error as Error).message, error);
  }
}

function absoluteOnly(search: string): string {
  return search
    .split(":")
    .filter((directory) => directory.startsWith("/"))
    .join(":");
}
