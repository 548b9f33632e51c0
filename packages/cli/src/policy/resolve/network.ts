// What is left of the network. A block that is asked for on the command line closes the ports and hosts of the profiles as
// well.

import { hostIn } from "../../text/host.ts";
import type { PolicyFlags } from "../flags.ts";
import type { Asked, Host, Policy, Port } from "../policy.ts";
import type { Layer } from "../profile/load.ts";

export function resolveNetwork(layers: readonly Layer[], flags: PolicyFlags): Policy["network"] {
  const profiles = layers.map(({ profile, source }) => ({
    network: profile.network ?? {},
    asked: { from: "profile", source } satisfies Asked,
  }));
  const blockedBy: Asked | undefined = flags.blockNet
    ? { from: "flag", source: "--block-net" }
    : profiles.find(({ network }) => network.block)?.asked;
  const ofProfiles = (key: "connect_ports" | "listen_ports" | "open_ports") =>
    flags.blockNet ? [] : profiles.flatMap(({ network, asked }) => ports(network[key], asked));
  const opened = [
    ...ofProfiles("open_ports"),
    ...ports(flags.openPort, { from: "flag", source: "--open-port" }),
  ];
  return {
    blocked: blockedBy,
    connect: [
      ...ofProfiles("connect_ports"),
      ...ports(flags.allowConnectPort, { from: "flag", source: "--allow-connect-port" }),
      ...opened,
    ],
    hosts: [
      ...(flags.blockNet
        ? []
        : profiles.flatMap(({ network, asked }) => namedHosts(network.allow_connect, asked))),
      ...flags.allowConnect.map((host) => ({ ...host, from: "flag" as const, source: "--allow-connect" })),
    ],
    listen: [
      ...ofProfiles("listen_ports"),
      ...ports(flags.listenPort, { from: "flag", source: "--listen-port" }),
      ...opened,
    ],
  };
}

function namedHosts(texts: readonly string[] | undefined, asked: Asked): readonly Host[] {
  return (texts ?? []).map(hostIn).flatMap((host) => (host === undefined ? [] : [{ ...asked, ...host }]));
}

function ports(numbers: readonly number[] | undefined, asked: Asked): readonly Port[] {
  return (numbers ?? []).map((port) => ({ ...asked, port }));
}
