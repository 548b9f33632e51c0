// What a command reads as /etc/hosts when hosts are granted by name: where their names lead stands in it, so that it finds
// exactly the addresses that it may connect to, and needs no name server for them.

import { readFileSync } from "node:fs";
import { type Capabilities, type QueriedPlan, queryPath } from "nono-ts";

const FILE = "/etc/hosts";

/**
 * @param plan a sandbox that may not read the file itself gets no other
 * @returns undefined: the file as it is
 */
export function hostsFileOf(
  { network }: Pick<Capabilities, "network">,
  plan: QueriedPlan,
  read: () => string = readHosts,
): string | undefined {
  if (network.mode !== "ports") return undefined;
  const lines = network.hosts.flatMap(({ host, addresses }) =>
    addresses === "loopback" || addresses.includes(host) ? [] : addresses.map((one) => `${one} ${host}\n`),
  );
  if (lines.length === 0) return undefined;
  if (queryPath(plan, { path: FILE, access: "read" }).status === "denied") return undefined;
  return `${[...new Set(lines)].join("")}${read()}`;
}

function readHosts(): string {
  try {
    return readFileSync(FILE, "utf8");
  } catch {
    return "";
  }
}
