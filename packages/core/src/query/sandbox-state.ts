// A capability set as JSON and back, whole: for a child process, a file, a test.

import { type Capabilities, CapabilitySet, checkedCapabilities } from "../capability/index.ts";
import { NonoError } from "../error.ts";

const FORMAT = 1;

/** What a capability set held. Nothing is lost in a round trip; paths are not looked up again. */
export class SandboxState {
  readonly #capabilities: Capabilities;

  private constructor(capabilities: Capabilities) {
    this.#capabilities = capabilities;
  }

  static fromCaps(set: CapabilitySet): SandboxState {
    return new SandboxState(set.value());
  }

  /**
   * @throws NonoError `invalid-state` for anything that `toJson` did not write: a state that is half understood would
   *   be a sandbox that is not the one that was asked for
   */
  static fromJson(json: string): SandboxState {
    let parsed: unknown;
    try {
      parsed = JSON.parse(json);
    } catch (error) {
      throw new NonoError({ code: "invalid-state", reason: "it is not JSON" }, { cause: error });
    }
    const { format, capabilities } = (parsed ?? {}) as Readonly<Record<string, unknown>>;
    if (format !== FORMAT)
      throw new NonoError({
        code: "invalid-state",
        reason: `format ${JSON.stringify(format)} is not ${FORMAT}`,
      });
    try {
      return new SandboxState(checkedCapabilities(capabilities));
    } catch (error) {
      throw new NonoError({ code: "invalid-state", reason: (error as Error).message }, { cause: error });
    }
  }

  /** One line of JSON. Bytes of paths that are not UTF-8 are written as `\udcNN`. */
  toJson(): string {
    return JSON.stringify({ format: FORMAT, capabilities: this.#capabilities });
  }

  toCaps(): CapabilitySet {
    return CapabilitySet.of(this.#capabilities);
  }

  /** Whether the network is blocked altogether. */
  get netBlocked(): boolean {
    return this.#capabilities.network.mode === "none";
  }
}
