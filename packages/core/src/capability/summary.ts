// A capability set in a few lines for people.

import { show } from "../text/show.ts";
import type { Capabilities, HostCapability, NetworkCapability } from "./capabilities.ts";

/** One line a grant and denial, one for the network, one for commands. Ends without a line break. */
export function summarize(capabilities: Capabilities): string {
  const lines = [
    ...capabilities.fs.map((grant) => `${grant.access} ${grant.kind} ${show(grant.path)}`),
    ...capabilities.denials.map((denial) => `no ${denial.access} ${show(denial.path)}`),
    ...capabilities.unixSockets.map((socket) => `unix ${socket.scope} ${show(socket.path)}`),
    `network: ${networkText(capabilities.network)}`,
  ];
  const blocked = capabilities.commands.blocked.map((command) => show(command.name));
  if (blocked.length > 0) lines.push(`blocked commands: ${blocked.join(", ")}`);
  return lines.join("\n");
}

/** `all`, `none`, or the ports and hosts. */
export function networkText(network: NetworkCapability): string {
  if (network.mode !== "ports") return network.mode;
  const parts = [];
  if (network.connect.length > 0) parts.push(`connect to port ${network.connect.join(", ")}`);
  if (network.hosts.length > 0) parts.push(`connect to ${network.hosts.map(hostText).join(", ")}`);
  if (network.listen.length > 0) parts.push(`listen on port ${network.listen.join(", ")}`);
  return parts.length === 0 ? "none of the hosts that were named" : parts.join("; ");
}

/** With what a name stands for, and the port. */
export function hostText({ host, addresses, port }: HostCapability): string {
  const known = addresses === "loopback" || addresses.includes(host);
  const place = known ? "" : ` (${addresses.map((address) => show(address)).join(", ")})`;
  return `${show(host)}${place}${port === undefined ? "" : ` port ${port}`}`;
}
