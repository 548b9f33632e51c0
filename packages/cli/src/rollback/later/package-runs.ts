// What of a package.json is run: scripts, and what is installed with scripts of its own.

/** A change of these alone runs nothing. */
const HARMLESS: ReadonlySet<string> = new Set([
  "name",
  "version",
  "description",
  "keywords",
  "author",
  "contributors",
  "maintainers",
  "license",
  "homepage",
  "repository",
  "bugs",
  "funding",
  "private",
  "files",
  "sideEffects",
  "publishConfig",
]);

/**
 * What of it changed: `scripts.build`, `dependencies`; undefined where it cannot be told, and everything may be meant.
 * @param before undefined: there was none
 */
export function changedRuns(
  before: string | undefined,
  after: string | undefined,
): readonly string[] | undefined {
  const [old, now] = [parsed(before), parsed(after)];
  if (old === undefined || now === undefined) return undefined;
  try {
    return differing(old, now);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined; // nested so deeply that nobody can compare it
  }
}

function differing(old: Fields, now: Fields): readonly string[] {
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((key) => !HARMLESS.has(key));
  return keys.filter((key) => !same(old[key], now[key])).flatMap((key) => within(key, old[key], now[key]));
}

type Fields = Readonly<Record<string, unknown>>;

function parsed(text: string | undefined): Fields | undefined {
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Of scripts, which; of everything else, that it changed. */
function within(key: string, old: unknown, now: unknown): readonly string[] {
  if (key !== "scripts" || !isFields(old ?? {}) || !isFields(now ?? {})) return [key];
  const [before, after] = [(old ?? {}) as Fields, (now ?? {}) as Fields];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => !same(before[name], after[name]))
    .map((name) => `scripts.${name}`);
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
