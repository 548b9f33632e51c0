// The system's keystore: Secret Service on Linux (gnome-keyring, KWallet, KeePassXC) over D-Bus in an encrypted session,
// Keychain on macOS. Attributes are `service` and `username`, as secret-tool(1) and other keyring libraries have them.

import { NonoError } from "../error.ts";
import { type KeyringBinding, loadKeyring } from "./locate-keyring.ts";
import { SecretBytes } from "./secret-bytes.ts";
import type { SecretStore } from "./secret-store.ts";

const TITLE = "the system's keystore";

/** Milliseconds: somebody may have to type a password to unlock it. */
const PATIENCE = 120_000;

/** Never the kernel's keyring, which the library would fall back to: it forgets, and other programs can read it. */
const OPTIONS = { linux: { store: "secret-service" } } as const;

/** @throws NonoError `keystore-unavailable` where the library's part for this system is missing */
export function systemKeyring(service: string, binding: KeyringBinding = loadKeyring()): SecretStore {
  const entry = (account: string) => new binding.AsyncEntry(service, account, OPTIONS);
  return {
    title: TITLE,
    get: (account) =>
      asked(async (signal) => {
        const numbers = await entry(account).getSecret(signal);
        if (numbers === null || numbers === undefined) return undefined;
        const bytes = Uint8Array.from(numbers);
        numbers.fill(0);
        return new SecretBytes(bytes, account);
      }),
    set: (account, secret) => asked((signal) => entry(account).setSecret(secret.bytes, signal)),
    remove: (account) => asked((signal) => entry(account).deleteCredential(signal)),
    // The library has no other way than to read the values, too; they are dropped at once.
    names: () =>
      asked(async (signal) => {
        entry("-"); // fails where there is no Secret Service; the search has no such option
        const found = await binding.findCredentialsAsync(service, undefined, signal);
        return found.map(({ account }) => account).sort();
      }),
    close: () => undefined,
  };
}

async function asked<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), PATIENCE);
  try {
    return await Promise.race([ask(abort.signal), refusedAfter(abort.signal)]);
  } catch (error) {
    if (error instanceof NonoError) throw error;
    const said = abort.signal.aborted ? "it did not answer in time" : (error as Error).message;
    throw new NonoError({ ...problemFrom(said), store: TITLE }, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** The library has no codes, only words, which name its own parts. */
function problemFrom(
  said: string,
): Readonly<{ code: "keystore-locked" | "keystore-unavailable"; reason: string }> {
  if (/IsLocked|object locked|prompt was dismissed/.test(said))
    return { code: "keystore-locked", reason: "it is locked: unlock it in your desktop, and try again" };
  const code = "keystore-unavailable";
  if (/autolaunch|dbus session|Failed to connect to/i.test(said))
    return { code, reason: "no Secret Service answers on the session bus (DBUS_SESSION_BUS_ADDRESS)" };
  if (said.includes("no result found")) return { code, reason: "it has no keyring to store anything in" };
  return { code, reason: said.replace(/^(?:Platform failure|Couldn't access platform storage): /, "") };
}

/** The library leaves a call that was begun to itself. */
function refusedAfter(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
}
