// Paths as texts without loss, compared by components.

/** By components; both absolute. */
export function isAtOrBelow(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === "/" ? "/" : `${directory}/`);
}

/** Whether something lies in a tree of the one and in one of the other. */
export function treesMeet(one: readonly string[], other: readonly string[]): boolean {
  return one.some((a) => other.some((b) => isAtOrBelow(a, b) || isAtOrBelow(b, a)));
}
