// The order of sessions by their ids, which begin with the time and end with a number: as text, 9999 comes after 10000. Pure.

/** For `sort`, the oldest first: digits count as the number that they are, whatever stands around them as text. */
export function compareSessions(one: string, other: string): number {
  const [ours, theirs] = [partsOf(one), partsOf(other)];
  for (const [index, part] of ours.entries()) {
    const order = compareParts(part, theirs[index] ?? "");
    if (order !== 0) return order;
  }
  return ours.length - theirs.length || compareTexts(one, other);
}

function partsOf(id: string): readonly string[] {
  return id.match(/[0-9]+|[^0-9]+/g) ?? [];
}

function compareParts(one: string, other: string): number {
  if (!isNumber(one) || !isNumber(other)) return compareTexts(one, other);
  const [ours, theirs] = [one.replace(/^0+/, ""), other.replace(/^0+/, "")];
  return ours.length - theirs.length || compareTexts(ours, theirs);
}

function isNumber(part: string): boolean {
  return /^[0-9]/.test(part);
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
