// Which of the refused things can be granted by a profile of the user's, and by what in it. What somebody denied, and
// blocked commands, are not for a question at the end of a run.

import { isWithin } from "nono-ts/internal";
import type { Profile } from "../policy/form/profile-form.ts";
import { type NamedPlaces, pathText } from "../policy/path-text.ts";
import type { SandboxDocument } from "../sandbox/document.ts";
import { grantFor, socketChange } from "../sandbox/suggestion.ts";
import { textOfHost } from "../text/host.ts";
import type { ExplainedDenial } from "./explained.ts";

export type Savable = Readonly<{ denial: ExplainedDenial; entries: Profile }>;

type Sandbox = Readonly<{
  plan: Readonly<{ denials: readonly Readonly<{ path: Path; access: string }>[] }>;
  document: Pick<SandboxDocument, "network" | "ungrantable">;
}>;
type Path = Parameters<typeof isWithin>[0];

export function savable(
  denials: readonly ExplainedDenial[],
  sandbox: Sandbox,
  places: NamedPlaces,
): readonly Savable[] {
  return denials.flatMap((denial) => {
    const entries = entriesFor(denial, sandbox, places);
    return entries === undefined ? [] : [{ denial, entries }];
  });
}

const KEYS = {
  directory: { read: "read", write: "write", "read+write": "allow" },
  file: { read: "read_file", write: "write_file", "read+write": "allow_file" },
} as const;

function entriesFor(
  { subject, change }: ExplainedDenial,
  { plan, document }: Sandbox,
  places: NamedPlaces,
): Profile | undefined {
  const isDenied = (path: Path) => plan.denials.some((one) => isWithin(path, one.path));
  if (change === null) return undefined;
  switch (subject.kind) {
    case "path": {
      const grant = isDenied(subject.path) ? undefined : grantFor(subject, document.ungrantable);
      return grant && { filesystem: { [KEYS[grant.kind][grant.access]]: [pathText(grant.path, places)] } };
    }
    case "socket": {
      if (isDenied(subject.path) || socketChange({ denials: [] }, subject, document.ungrantable) === null)
        return undefined;
      const key = subject.bind ? "unix_socket_bind" : "unix_socket";
      return { filesystem: { [key]: [pathText(subject.path, places)] } };
    }
    case "address":
      // Where the network is blocked as a whole, one more host would be another policy.
      return document.network.mode === "ports"
        ? { network: { allow_connect: [textOfHost(subject)] } }
        : undefined;
    case "listen":
      return document.network.mode === "ports" && subject.port !== 0
        ? { network: { listen_ports: [subject.port] } }
        : undefined;
    default:
      return undefined;
  }
}

/** Entries of several, as one profile's. */
export function joined(profiles: readonly Profile[]): Profile {
  const filesystem: Record<string, string[]> = {};
  for (const profile of profiles)
    for (const [key, paths] of Object.entries(profile.filesystem ?? {}))
      filesystem[key] = [...new Set([...(filesystem[key] ?? []), ...(paths as string[])])];
  const hosts = distinct(profiles.flatMap(({ network }) => network?.allow_connect ?? []));
  const ports = distinct(profiles.flatMap(({ network }) => network?.listen_ports ?? []));
  const network = {
    ...(hosts.length === 0 ? {} : { allow_connect: hosts }),
    ...(ports.length === 0 ? {} : { listen_ports: ports }),
  };
  return { filesystem, ...(Object.keys(network).length === 0 ? {} : { network }) };
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
