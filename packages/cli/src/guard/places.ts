// The guarded places of a start, and the bound on them: each is a denial, and an agent can plant what calls for thousands.

import type { CanonicalPath } from "nono-ts";
import { directoryOf, isWithin } from "nono-ts/internal";
import { CliError } from "../error.ts";
import type { LocatedGrant } from "../policy/placed/located.ts";
import type { Place } from "./place.ts";

/** Two hundred and more repositories with all that is guarded in each; their denials add about a second to a start. */
export const PLACE_LIMIT = 10_000;

/** Each once, where it could be written and nobody granted just it. */
export class Places {
  private readonly granted: readonly CanonicalPath[];
  private readonly roots: readonly CanonicalPath[];
  private readonly limit: number;
  private readonly byKey = new Map<string, Place>();

  constructor(grants: readonly LocatedGrant[], limit: number) {
    this.granted = grants.map(({ real }) => real.path);
    this.roots = grants.filter(({ real }) => real.kind === "directory").map(({ real }) => real.path);
    this.limit = limit;
  }

  /** @throws CliError `guard-places` beyond the bound: what is not guarded must not be open */
  add(places: Iterable<Place>): void {
    for (const place of places) {
      const key = `${place.access} ${place.path}`;
      const known = this.byKey.get(key);
      if (known?.removable) this.byKey.set(key, place);
      if (known !== undefined || !this.isInForce(place.path)) continue;
      this.byKey.set(key, place);
      if (this.byKey.size > this.limit) throw this.tooMany(place);
    }
  }

  all(): readonly Place[] {
    return [...this.byKey.values()];
  }

  private isInForce(path: CanonicalPath): boolean {
    return (
      this.roots.some((root) => path !== root && isWithin(path, root)) &&
      !this.granted.some((granted) => isWithin(granted, path))
    );
  }

  private tooMany({ path: example, access }: Place): CliError {
    const path = pileOf([...this.byKey.values()].map((place) => place.path));
    // The flag is about what runs later, not about secrets.
    const lifted = access === "write";
    return new CliError({ code: "guard-places", path, example, limit: this.limit, lifted });
  }
}

/** The deepest directory with more than half of the paths in it. */
function pileOf(paths: readonly CanonicalPath[]): CanonicalPath {
  const counts = new Map<CanonicalPath, number>();
  for (const path of paths)
    for (let at = path; at !== "/"; ) {
      at = directoryOf(at) as CanonicalPath;
      counts.set(at, (counts.get(at) ?? 0) + 1);
    }
  const full = [...counts].filter(([, count]) => count * 2 > paths.length).map(([path]) => path);
  return full.reduce(
    (deepest, path) => (path.length > deepest.length ? path : deepest),
    "/" as CanonicalPath,
  );
}
