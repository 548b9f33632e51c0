// What profiles say about snapshots. Of one value, the last profile that says something decides; lists add up.

import { bytesIn } from "../../text/size.ts";
import type { Profile } from "../form/profile-form.ts";
import type { Asked, RollbackRules, SnapshotPattern } from "../policy.ts";
import type { Layer } from "../profile/load.ts";

type Said = NonNullable<Profile["rollback"]>;

export function resolveRollback(layers: readonly Layer[]): RollbackRules {
  const said = layers.map(({ profile, source }) => ({
    rollback: profile.rollback ?? {},
    asked: { from: "profile", source } satisfies Asked,
  }));
  const last = <K extends keyof Said>(key: K) => said.findLast(({ rollback }) => rollback[key] !== undefined);
  const switched = (key: "enabled" | "everything") =>
    last(key)?.rollback[key] ? last(key)?.asked : undefined;
  const patterns = (key: "exclude" | "include"): readonly SnapshotPattern[] =>
    said.flatMap(({ rollback, asked }) => (rollback[key] ?? []).map((pattern) => ({ ...asked, pattern })));
  const size = last("max_size")?.rollback.max_size;
  return {
    enabled: switched("enabled"),
    everything: switched("everything"),
    exclude: patterns("exclude"),
    include: patterns("include"),
    everyMinutes: last("every_minutes")?.rollback.every_minutes,
    everyChanges: last("every_changes")?.rollback.every_changes,
    maxFiles: last("max_files")?.rollback.max_files,
    maxSize: size === undefined ? undefined : bytesIn(size),
  };
}
