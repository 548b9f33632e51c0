// The secrets of one start: their names are known from the policy, their values only between `load` and `wipe`.

import type { SecretBytes, SecretVariable } from "nono-ts";

/** Which secret goes into which variable, and who asked. Never a value. */
export type SecretName = Readonly<{ name: string; reference: string; source: string }>;

/** For the audit trail: `names` may be written down, `redactable` is what must not be. */
export class Injected {
  readonly names: readonly SecretName[];
  readonly #fetch: () => Promise<readonly SecretBytes[]>;
  #values: readonly SecretBytes[] = [];

  /** @param fetch the values of `names`, in their order */
  constructor(names: readonly SecretName[], fetch: () => Promise<readonly SecretBytes[]>) {
    this.names = names;
    this.#fetch = fetch;
  }

  /**
   * Reads the values. Without one of them there is no start.
   *
   * @throws NonoError, CliError: whatever is wrong with a secret, by its name
   */
  async load(): Promise<void> {
    if (this.names.length > 0) this.#values = await this.#fetch();
  }

  /** For the launcher; empty before `load`. */
  get variables(): readonly SecretVariable[] {
    return this.#values.map(({ bytes }, index) => ({ name: this.names[index]?.name ?? "", value: bytes }));
  }

  /** The values as text, to be found and struck out of what is recorded; in memory only. Empty before `load`. */
  redactable(): readonly string[] {
    return this.#values.map((value) => value.text());
  }

  /** Overwrites the values: nothing is started or recorded any more. */
  wipe(): void {
    for (const value of this.#values) value.wipe();
    this.#values = [];
  }
}
