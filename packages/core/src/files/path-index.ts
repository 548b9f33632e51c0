// Things that lie at paths, found by what is above and below a path: hundreds of denials meet dozens of grants at every
// start, and comparing each with each is what would take the longest.

import { type CanonicalPath, parentOf } from "./canonical-path.ts";

/** Immutable; what is asked keeps the order of what was given. */
export class PathIndex<T> {
  readonly #items: readonly T[];
  /** Numbers of items. */
  readonly #at = new Map<CanonicalPath, number[]>();
  /** What lies below one path lies together. */
  readonly #sorted: readonly CanonicalPath[];

  constructor(items: readonly T[], pathOf: (item: T) => CanonicalPath) {
    this.#items = items;
    for (let number = 0; number < items.length; number++) {
      const path = pathOf(items[number] as T);
      const same = this.#at.get(path);
      if (same === undefined) this.#at.set(path, [number]);
      else same.push(number);
    }
    this.#sorted = [...this.#at.keys()].sort();
  }

  /** What lies at `path` or below it. */
  within(path: CanonicalPath): readonly T[] {
    const numbers = path === "/" ? [] : [...(this.#at.get(path) ?? [])];
    const prefix = path === "/" ? "/" : `${path}/`;
    for (let next = this.#firstFrom(prefix); ; next++) {
      const below = this.#sorted[next];
      if (below === undefined || !below.startsWith(prefix)) break;
      numbers.push(...(this.#at.get(below) ?? []));
    }
    return this.#itemsOf(numbers.sort((a, b) => a - b));
  }

  /** What lies at `path` or at a directory above it, the nearest first. */
  covering(path: CanonicalPath): readonly T[] {
    return this.#itemsOf(lineageOf(path).flatMap((above) => this.#at.get(above) ?? []));
  }

  #firstFrom(text: string): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] as string) < text) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #itemsOf(numbers: readonly number[]): readonly T[] {
    return numbers.map((number) => this.#items[number] as T);
  }
}

/** `path`, the directory it is in, and so on up to `/`. */
export function lineageOf(path: CanonicalPath): readonly CanonicalPath[] {
  const lineage = [path];
  for (let at = path; at !== "/"; ) {
    at = parentOf(at);
    lineage.push(at);
  }
  return lineage;
}
