// Hosts that TCP may lead to: what their addresses are called, and whether an address is one of theirs. Pure: names are
// looked up by whoever grants them.

import type { HostCapability } from "./capabilities.ts";

// As isIPv4 and isIPv6 of node:net have it, without what that loads: two milliseconds of every start.
const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const IPV6_CHARACTERS = /^[0-9a-f:.]+$/i;

/**
 * The text of an IP address in the one form that it is compared in: RFC 5952, and of an IPv4 address that is mapped to
 * IPv6 the IPv4 address.
 *
 * @returns undefined for what is no address, for one with a zone, and for those that name no host (0.0.0.0 and ::)
 */
export function ipAddressOf(text: string): string | undefined {
  if (IPV4.test(text)) return text === "0.0.0.0" ? undefined : text;
  const short = IPV6_CHARACTERS.test(text) ? shortestForm(text) : undefined;
  if (short === undefined) return undefined;
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short);
  if (mapped === null) return short === "::" ? undefined : short;
  const halves = mapped.slice(1).map((half) => Number.parseInt(half, 16));
  return ipAddressOf(halves.flatMap((half) => [half >> 8, half & 255]).join("."));
}

/** The URL parser knows it, and what is none. */
function shortestForm(ipv6: string): string | undefined {
  try {
    return new URL(`http://[${ipv6}]`).hostname.slice(1, -1);
  } catch {
    return undefined;
  }
}

/** @param address in the form of `ipAddressOf` */
export function isLoopback(address: string): boolean {
  return address === "::1" || (IPV4.test(address) && address.startsWith("127."));
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
