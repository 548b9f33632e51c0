// What a plan for macOS gives on a path: the last rule that fits decides.

import type { AccessHalf, Source } from "../capability/index.ts";
import type { CanonicalPath } from "../files/canonical-path.ts";
import type { FileView } from "../files/file-view.ts";
import type { DarwinPlan } from "../plan/plan.ts";
import { type FileOperation, fittingRules } from "../seatbelt/decide.ts";

/** As much of a plan as questions about paths need. */
export type SeatbeltRules = Readonly<{ seatbelt: Pick<DarwinPlan["seatbelt"], "rules"> }>;

export function isAllowed(
  { seatbelt: { rules } }: SeatbeltRules,
  path: CanonicalPath,
  half: AccessHalf,
  view: FileView,
): boolean {
  const asked: FileOperation[] = half === "read" ? ["file-read-data"] : ["file-write-data"];
  if (half === "write" && view.kindOf(path) === "missing") asked.push("file-write-create");
  return asked.every((operation) => fittingRules(rules, operation, path).at(-1)?.action === "allow");
}

/** The grants that have a part in it, by the path that was granted. */
export function grantsOn(
  { seatbelt: { rules } }: SeatbeltRules,
  path: CanonicalPath,
): readonly Readonly<{ path: CanonicalPath; source: Source }>[] {
  return (["file-read-data", "file-write-data"] as const)
    .flatMap((operation) => fittingRules(rules, operation, path))
    .flatMap(({ action, filters, source }) => {
      const [place] = filters;
      if (action === "deny" || source === undefined || place === undefined || !("path" in place)) return [];
      return [{ path: place.path, source }];
    });
}
