// Entries that grant the same thing twice on one machine, such as /bin where it is a link into /usr: taking one of them
// away takes nothing away.

export type Grant<Entry> = Readonly<{
  entry: Entry;
  /** With all links resolved. */
  real: string;
  /** Reading, writing, or another thing that is done to a path. */
  access: string;
}>;

/** The grant that makes `grant` superfluous here: a wider one, or an earlier one of the same. */
export function coverOf<E>(grant: Grant<E>, grants: readonly Grant<E>[]): Grant<E> | undefined {
  return grants.find((other, index) => {
    if (other === grant || !isAtOrBelow(grant.real, other.real)) return false;
    if (other.access !== grant.access && !(other.access === "read+write" && isAccess(grant))) return false;
    const isSame = other.real === grant.real && other.access === grant.access;
    return !isSame || index < grants.indexOf(grant);
  });
}

/** `grant` and the others that would still grant a part of it without it. */
export function withParts<E>(grant: Grant<E>, grants: readonly Grant<E>[]): readonly Grant<E>[] {
  return grants.filter(
    (other) =>
      isAtOrBelow(other.real, grant.real) &&
      (other.access === grant.access || (isAccess(other) && isAccess(grant))),
  );
}

const isAccess = ({ access }: Grant<unknown>) =>
  access === "read" || access === "write" || access === "read+write";

const isAtOrBelow = (path: string, directory: string) =>
  path === directory || path.startsWith(directory === "/" ? "/" : `${directory}/`);
