// What a supervisor answers by itself, before anybody is asked. Pure.

import { isLoopback } from "../capability/index.ts";
import type { Destination } from "../plan/supervision.ts";
import { type Answer, allowed, denied, type Request } from "./request.ts";

/** `listens`: ports, for each of which the kernel has a rule. */
export type Policy = Readonly<{ destinations: readonly Destination[]; listens?: readonly number[] }>;

/** @returns `undefined` where nothing is decided: it may be asked for, and is refused otherwise */
export function decide(request: Request, policy: Policy): Answer | undefined {
  const isNever = request.reason === "blocked-command" || request.reason === "outside";
  if (isNever || request.operation === "socket") return denied;
  if (request.operation === "listen") {
    const { address } = request;
    return address.family === "internet" && policy.listens?.includes(address.port) ? allowed : denied;
  }
  if (request.operation === "connect" || request.operation === "send") {
    const { address } = request;
    if (address.family === "internet" && policy.destinations.some((one) => isDestination(one, address)))
      return allowed;
  }
  return undefined;
}

function isDestination(one: Destination, address: Readonly<{ host: string; port: number }>): boolean {
  if (one.port !== undefined && one.port !== address.port) return false;
  if (one.host === "localhost") return isLoopback(address.host);
  return one.host === undefined || one.host === address.host;
}
