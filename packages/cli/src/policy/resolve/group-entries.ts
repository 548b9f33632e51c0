// What the groups in force ask for.

import type { Group } from "../form/group-form.ts";
import type { SelectedGroup } from "../group/select.ts";
import type { Asked, CommandEntry, Denial, Grant, GuardedName, GuardRules } from "../policy.ts";
import type { PathExpander } from "./path-expander.ts";

export type GroupEntries = Readonly<{
  grants: readonly Grant[];
  denials: readonly Denial[];
  guard: GuardRules;
  blocked: readonly CommandEntry[];
  platformRules: readonly string[];
}>;

/** In Seatbelt the removal of files is an operation of its own; Landlock grants it with write and not otherwise. */
const DENY_UNLINK = "(deny file-write-unlink)";

export function groupEntries(groups: readonly SelectedGroup[], paths: PathExpander): GroupEntries {
  const parts = groups.flatMap((one) =>
    one.parts.map(({ group, source }) => ({ group, asked: { from: "group", source } satisfies Asked })),
  );
  const grants = parts.flatMap(({ group: { allow }, asked }): readonly Grant[] => [
    ...paths.expand(allow?.read, { ...asked, kind: "either", access: "read" } as const),
    ...paths.expand(allow?.write, { ...asked, kind: "either", access: "write" } as const),
    ...paths.expand(allow?.readwrite, { ...asked, kind: "either", access: "read+write" } as const),
  ]);
  const denials = parts.flatMap(({ group: { deny }, asked }): readonly Denial[] => [
    ...paths.expand(deny?.access, { ...asked, access: "read+write" } as const),
    ...paths.expand(deny?.write, { ...asked, access: "write" } as const),
  ]);
  const named = (
    names: (guard: NonNullable<Group["guard"]>) => Readonly<Record<string, string>> | undefined,
  ) =>
    parts.flatMap(({ group: { guard }, asked }) =>
      Object.entries((guard && names(guard)) ?? {}).map(
        ([name, why]): GuardedName => ({ ...asked, name, why }),
      ),
    );
  return {
    grants,
    denials,
    guard: {
      repository: named((guard) => guard.repository),
      pointer: named(({ pointer }) => (pointer === undefined ? undefined : { ".git": pointer })),
      hooked: named((guard) => guard.hooked),
      workspace: named((guard) => guard.workspace),
      secrets: named((guard) => guard.secrets),
      public: parts.flatMap(({ group }) => group.guard?.public ?? []),
    },
    blocked: parts.flatMap(({ group, asked }) =>
      (group.deny?.commands ?? []).map((name) => ({ ...asked, name })),
    ),
    platformRules: parts.some(({ group }) => group.deny?.unlink) ? [DENY_UNLINK] : [],
  };
}
