// Which commands are blocked. Flags stand above profiles, profiles above groups; on one level a block wins.

import { PolicyError } from "../error.ts";
import type { PolicyFlags } from "../flags.ts";
import type { Asked, CommandEntry, Policy } from "../policy.ts";
import type { Layer } from "../profile/load.ts";

/** @throws PolicyError `command-name` */
export function resolveCommands(
  fromGroups: readonly CommandEntry[],
  layers: readonly Layer[],
  flags: PolicyFlags,
): Policy["commands"] {
  const levels = [
    { block: fromGroups, allow: [] },
    {
      block: layers.flatMap(({ profile, source }) =>
        entries(profile.commands?.deny, { from: "profile", source }),
      ),
      allow: layers.flatMap(({ profile, source }) =>
        entries(profile.commands?.allow, { from: "profile", source }),
      ),
    },
    {
      block: entries(flags.blockCommand, { from: "flag", source: "--block-command" }).map(checked),
      allow: entries(flags.allowCommand, { from: "flag", source: "--allow-command" }).map(checked),
    },
  ];
  const blocked = new Map<string, CommandEntry>();
  const allowed = new Map<string, CommandEntry>();
  for (const level of levels) {
    for (const entry of level.allow) if (blocked.delete(entry.name)) allowed.set(entry.name, entry);
    for (const entry of level.block) {
      allowed.delete(entry.name);
      if (!blocked.has(entry.name)) blocked.set(entry.name, entry);
    }
  }
  return { blocked: [...blocked.values()], allowed: [...allowed.values()] };
}

function entries(names: readonly string[] | undefined, asked: Asked): readonly CommandEntry[] {
  return (names ?? []).map((name) => ({ ...asked, name }));
}

function checked(entry: CommandEntry): CommandEntry {
  if (/^(?:[^/\0]+|\/[^\0]+)$/.test(entry.name)) return entry;
  throw new PolicyError({ code: "command-name", option: entry.source, name: entry.name });
}
