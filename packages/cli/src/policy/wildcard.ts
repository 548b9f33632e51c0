// Names with wildcards: `*` stands for any characters, `?` for one.

/** Whether `name`, as a whole, is what `pattern` describes. */
export function matchesWildcard(pattern: string, name: string): boolean {
  let [inPattern, inName] = [0, 0];
  /** Where to go on when what follows the last star does not fit: the star takes one character more. */
  let [afterStar, starEnd] = [-1, 0];
  while (inName < name.length) {
    const expected = pattern[inPattern];
    if (expected === "*") {
      [afterStar, starEnd] = [++inPattern, inName];
    } else if (expected === "?" || expected === name[inName]) {
      inPattern++;
      inName++;
    } else if (afterStar >= 0) {
      [inPattern, inName] = [afterStar, ++starEnd];
    } else return false;
  }
  while (pattern[inPattern] === "*") inPattern++;
  return inPattern === pattern.length;
}
