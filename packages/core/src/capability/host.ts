// Hosts that TCP may lead to: what their addresses are called, and whether an address is one of theirs. Pure: names are
// looked up by whoever grants them.

import { isIPv4, isIPv6 } from "node:net";
import type { HostCapability } from "./capabilities.ts";

/**
 * The text of an IP address in the one form that it is compared in: RFC 5952, and of an IPv4 address that is mapped to
 * IPv6 the IPv4 address.
 *
 * @returns undefined for what is no address, for one with a zone, and for those that name no host (0.0.0.0 and ::)
 */
export function ipAddressOf(text: string): string | undefined {
  if (isIPv4(text)) return text === "0.0.0.0" ? undefined : text;
  if (!isIPv6(text) || text.includes("%")) return undefined;
  // The URL parser knows the shortest form.
  const short = new URL(`http://[${text}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short);
  if (mapped === null) return short === "::" ? undefined : short;
  const halves = mapped.slice(1).map((half) => Number.parseInt(half, 16));
  return ipAddressOf(halves.flatMap((half) => [half >> 8, half & 255]).join("."));
}

/** @param address in the form of `ipAddressOf` */
export function isLoopback(address: string): boolean {
  return address === "::1" || (isIPv4(address) && address.startsWith("127."));
}

/**
 * The grant of a connection. A name is granted where it was named: it is not looked up.
 *
 * @param asked `host`: a name, or an IP address in any form
 */
export function hostGranting(
  hosts: readonly HostCapability[],
  { host, port }: Readonly<{ host: string; port: number }>,
): HostCapability | undefined {
  const address = ipAddressOf(host);
  const name = host.toLowerCase().replace(/\.$/, "");
  return hosts.find(
    (one) =>
      (one.port === undefined || one.port === port) &&
      (address === undefined ? one.host === name : isAddressOf(one, address)),
  );
}

function isAddressOf({ addresses }: HostCapability, address: string): boolean {
  return addresses === "loopback" ? isLoopback(address) : addresses.includes(address);
}
