// The network, and unix sockets by their paths: those are refused in every mode unless they are granted.

import type {
  Capabilities,
  HostCapability,
  NetworkCapability,
  UnixSocketCapability,
} from "../capability/index.ts";
import type { CanonicalPath } from "../files/canonical-path.ts";
import { macPath } from "./mac-path.ts";
import { ANY_NAME, exactly, whole } from "./pattern.ts";
import { allow, type Filter, named, type Rule } from "./rule.ts";
import { SERVICES, VARIABLES } from "./services.ts";

/** The resolver listens there, whatever the servers are. Source: the function `system-network` of Apple's profiles. */
const RESOLVER: Filter = { kind: "literal", path: "/private/var/run/mDNSResponder" as CanonicalPath };

/** Names are asked for on this port: whoever may not connect to it resolves none. */
const DNS_PORT = 53;

export function networkRules({ network, unixSockets }: Capabilities): readonly Rule[] {
  return [...internetRules(network), ...unixSockets.flatMap(socketRules)];
}

function internetRules(network: NetworkCapability): readonly Rule[] {
  if (network.mode === "none") return [];
  if (network.mode === "all")
    return [
      allow(["network-outbound"], { kind: "remote", protocol: "ip" }),
      allow(["network-bind", "network-inbound"], { kind: "local", protocol: "ip" }),
      ...systemRules(),
      ...resolverRules(),
    ];
  const { connect, listen, hosts } = network;
  const reached = [...onPorts("remote", connect), ...hosts.flatMap(ofLoopback)];
  return [
    ...(reached.length === 0 ? [] : [allow(["network-outbound"], ...reached)]),
    ...(listen.length === 0 ? [] : [allow(["network-bind", "network-inbound"], ...onPorts("local", listen))]),
    ...systemRules(),
    ...(connect.includes(DNS_PORT) ? resolverRules() : []),
  ];
}

function onPorts(kind: "local" | "remote", ports: readonly number[]): readonly Filter[] {
  return ports.map((port) => ({ kind, protocol: "tcp", address: `*:${port}` }));
}

/** No other host can be named: the plan says that the network cannot be limited so, and is not made. */
function ofLoopback({ addresses, port }: HostCapability): readonly Filter[] {
  return addresses === "loopback"
    ? [{ kind: "remote", protocol: "tcp", address: `localhost:${port ?? "*"}` }]
    : [];
}

function systemRules(): readonly Rule[] {
  return [
    allow(
      ["system-socket"],
      { kind: "socket-domain", domain: "AF_ROUTE" },
      {
        kind: "all",
        of: [
          { kind: "socket-domain", domain: "AF_SYSTEM" },
          { kind: "socket-protocol", number: 2 }, // SYSPROTO_CONTROL
        ],
      },
    ),
    allow(["sysctl-read"], ...named("sysctl-name-prefix", VARIABLES.network)),
    allow(["mach-lookup"], ...named("global-name", SERVICES.network)),
  ];
}

function resolverRules(): readonly Rule[] {
  return [
    allow(["network-outbound"], RESOLVER),
    allow(["mach-lookup"], ...named("global-name", SERVICES.names)),
  ];
}

function socketRules(socket: UnixSocketCapability): readonly Rule[] {
  const [place, { source }] = [placeOf(socket), socket];
  return [
    { ...allow(["network-outbound"], place), source },
    ...(socket.bind
      ? [
          {
            ...allow(["network-bind", "network-inbound", "file-write-create", "file-write-unlink"], place),
            source,
          },
        ]
      : []),
  ];
}

function placeOf({ path, scope }: UnixSocketCapability): Filter {
  const place = macPath(path);
  if (scope === "directory")
    return { kind: "regex", pattern: whole(`${place === "/" ? "" : exactly(place)}/${ANY_NAME}`) };
  return { kind: scope === "socket" ? "literal" : "subpath", path: place };
}
