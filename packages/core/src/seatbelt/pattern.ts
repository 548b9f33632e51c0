// Names as regular expressions, where a literal does not say enough: names that a pattern describes, and names on a
// volume that takes upper and lower case for the same.

/** Characters that mean something in an extended regular expression; a backslash takes the meaning away. */
const SPECIAL = /[\\^$.|?*+()[\]{}]/g;

/** What only this text fits. */
export function exactly(text: string): string {
  return text.replace(SPECIAL, "\\$&");
}

/** An expression for whole paths. */
export const whole = (pattern: string): string => `^${pattern}$`;

/** The same, or for what lies below them. */
export const tree = (pattern: string): string => `^${pattern}(/|$)`;

/** One name. */
export const ANY_NAME = "[^/]+";

/** Something beyond ASCII: what Unicode folds to a letter, such as the sign of Kelvin to k. */
const BEYOND = "[^ -~]+";

/** Composed or not, in either case: it ends in something beyond ASCII. */
const ACCENTED = "[^/]*[^ -~]";

/**
 * What fits this path on a volume that does not tell upper from lower case, nor composed from decomposed letters, as
 * APFS and HFS+ usually are. A letter also fits whatever lies beyond ASCII, and a letter beyond ASCII any that do: for a
 * denial it is enough that nothing is missed.
 */
export function inAnyCase(path: string): string {
  return Array.from(path.normalize("NFC"), characterInAnyCase).join("");
}

function characterInAnyCase(character: string): string {
  const letters = [character.toLowerCase(), character.toUpperCase()].find((text) => /^[a-z]+$/i.test(text));
  if (letters !== undefined)
    return Array.from(letters, (one) => `([${one.toLowerCase()}${one.toUpperCase()}]|${BEYOND})`).join("");
  return /^[ -~]$/.test(character) ? exactly(character) : ACCENTED;
}

/** A name pattern: `*` stands for any characters, `?` for one, a backslash takes the meaning of the next. */
export function wildcard(pattern: string): string {
  return pattern.replace(/\\(.)|[\s\S]/g, (character, taken: string | undefined) => {
    if (taken === undefined && character === "*") return "[^/]*";
    if (taken === undefined && character === "?") return "[^/]";
    return exactly(taken ?? character);
  });
}
