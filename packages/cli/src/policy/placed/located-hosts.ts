// What the hosts of a policy stand for: names are looked up once, before the start, as any program on this machine would.
// The sandbox is held to the addresses that were found; what a name means later changes nothing.

import type { HostCapability } from "nono-ts";
import { ipAddressOf } from "nono-ts/internal";
import { textOfHost } from "../../text/host.ts";
import { PolicyError } from "../error.ts";
import type { Host } from "../policy.ts";

/** @returns IP addresses; rejects where there are none */
export type LookUp = (name: string) => Promise<readonly string[]>;

export type LocatedHosts = Readonly<{
  hosts: readonly HostCapability[];
  /** Names of profiles that stand for nothing here and now: they are granted nothing. */
  skipped: readonly Readonly<{ host: Host; why: string }>[];
}>;

/** @throws PolicyError `host-unknown` for a name of a flag */
export async function locateHosts(
  hosts: readonly Host[],
  lookUp: LookUp = asTheSystemDoes,
): Promise<LocatedHosts> {
  const known = new Map<string, ReturnType<LookUp>>();
  const once: LookUp = (name) => {
    const answer = known.get(name) ?? lookUp(name);
    known.set(name, answer);
    return answer;
  };
  const found = await Promise.all(distinct(hosts).map((host) => locate(host, once)));
  return {
    hosts: found.flatMap((one) => ("addresses" in one ? [one] : [])),
    skipped: found.flatMap((one) => ("why" in one ? [one] : [])),
  };
}

async function locate(
  named: Host,
  lookUp: LookUp,
): Promise<HostCapability | LocatedHosts["skipped"][number]> {
  const { host, source } = named;
  const port = named.port === undefined ? {} : { port: named.port };
  if (host === "localhost") return { host, addresses: "loopback", ...port, source };
  if (ipAddressOf(host) !== undefined) return { host, addresses: [host], ...port, source };
  try {
    const addresses = addressesIn(await lookUp(host));
    if (addresses.length === 0) throw new Error("it has no address that can be connected to");
    return { host, addresses, ...port, source };
  } catch (error) {
    const why = reasonOf(error);
    if (named.from !== "flag") return { host: named, why };
    throw new PolicyError(
      { code: "host-unknown", option: source, host: textOfHost(named), reason: why },
      { cause: error },
    );
  }
}

function addressesIn(texts: readonly string[]): readonly string[] {
  const addresses = texts.map(ipAddressOf).filter((address) => address !== undefined);
  return [...new Set(addresses)].sort();
}

const PATIENCE = 10_000;

async function asTheSystemDoes(name: string): Promise<readonly string[]> {
  const { lookup } = await import("node:dns/promises"); // most starts have nothing to look up
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("nobody answered within 10 seconds")), PATIENCE);
  });
  try {
    const found = await Promise.race([lookup(name, { all: true }), late]);
    return found.map(({ address }) => address);
  } finally {
    clearTimeout(timer);
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOTFOUND" || code === "ENODATA") return "no address was found";
  return code === undefined ? message : `looking it up failed (${code})`;
}

/** Each once, from whoever named it first. */
function distinct(hosts: readonly Host[]): readonly Host[] {
  return [...new Map([...hosts].reverse().map((host) => [textOfHost(host), host])).values()].reverse();
}
