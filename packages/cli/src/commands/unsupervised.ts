// A session without a supervisor where one was wanted: what cannot be had is refused, the rest is said.

import { NonoError, type Plan } from "nono-ts";
import type { Asked } from "../policy/policy.ts";
import type { SandboxDocument } from "../sandbox/document.ts";

type Wanted = Readonly<{
  platform: Plan["platform"];
  /** `--supervised` */
  supervised: boolean;
  /** A profile that wants questions. */
  elevation: Asked | undefined;
  unixSockets: SandboxDocument["unixSockets"];
}>;

/**
 * What needs a supervisor does not start without; the rest is bounded by the kernel's rules, more tightly than with one. On
 * macOS there never is one: a profile that counts on it is refused too, and unix sockets are told apart without.
 *
 * @param why there is none
 * @throws NonoError `protection-unavailable`
 */
export function refuseUnsupervised(wanted: Wanted, why: string): void {
  const never = wanted.platform === "darwin";
  if (wanted.supervised || (never && wanted.elevation !== undefined))
    throw new NonoError({ code: "protection-unavailable", protection: "approvals", why });
  if (!never && wanted.unixSockets.length > 0)
    throw new NonoError({ code: "protection-unavailable", protection: "unix-sockets", why });
}
