// A place that keeps secrets by name.

import type { SecretBytes } from "./secret-bytes.ts";

/** Every method throws NonoError: `keystore-unavailable`, and what its maker says. */
export interface SecretStore {
  /** For people: `the system's keystore`. */
  readonly title: string;
  get(account: string): Promise<SecretBytes | undefined>;
  /** Replaces what has that name. The bytes are the caller's to overwrite. */
  set(account: string, secret: SecretBytes): Promise<void>;
  /** @returns whether there was one */
  remove(account: string): Promise<boolean>;
  /** Sorted. */
  names(): Promise<readonly string[]>;
  /** Overwrites what was read and is not somebody else's. */
  close(): void;
}
