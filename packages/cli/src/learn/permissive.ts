// Learning with --permissive: what no grant covers is let through, but for what no learned profile may grant.

import type { CanonicalPath, Capabilities, Plan } from "nono-ts";

/**
 * A plan by which the kernel lets programs run that the narrow one does not cover. What is asked for is still looked up
 * in the narrow one: everything beyond it comes to us first.
 */
export function permissivePlan(
  narrow: Plan,
  capabilities: Capabilities,
  protectedRoots: readonly CanonicalPath[],
  planOf: (capabilities: Capabilities) => Plan,
): Plan {
  const source = "--permissive";
  const denials = protectedRoots.map((path) => ({
    original: path,
    path,
    access: "read+write" as const,
    source: "nono",
  }));
  const everything = {
    original: "/",
    path: "/" as CanonicalPath,
    kind: "directory",
    access: "read",
    source,
  } as const;
  const wide = planOf({
    ...capabilities,
    fs: [...capabilities.fs, everything],
    denials: [...capabilities.denials, ...denials],
  });
  // Where there is no supervisor there is nothing to learn from, and the command has said so.
  if (wide.platform !== "linux" || narrow.platform !== "linux") return narrow;
  return { ...wide, supervision: narrow.supervision };
}
