// What a supervisor answers by itself, before anybody is asked. Pure.

import { type Answer, allowed, denied, type Request } from "./request.ts";

/** `host`: an IP address in the form of RFC 5952, or absent for every address. */
export type Destination = Readonly<{ host?: string; port: number }>;

/** `listens`: ports, for each of which the kernel has a rule. */
export type Policy = Readonly<{ destinations: readonly Destination[]; listens?: readonly number[] }>;

/** @returns `undefined` where nothing is decided: it may be asked for, and is refused otherwise */
export function decide(request: Request, policy: Policy): Answer | undefined {
  if (request.reason === "blocked-command" || request.operation === "socket") return denied;
  if (request.operation === "listen") {
    const { address } = request;
    const isJudged = address.family === "internet";
    return isJudged && !policy.listens?.includes(address.port) ? denied : allowed;
  }
  if (request.operation === "connect" || request.operation === "send") {
    const { address } = request;
    if (address.family === "internet" && policy.destinations.some((one) => isDestination(one, address)))
      return allowed;
  }
  return undefined;
}

function isDestination(one: Destination, address: Readonly<{ host: string; port: number }>): boolean {
  return one.port === address.port && (one.host === undefined || one.host === address.host);
}
