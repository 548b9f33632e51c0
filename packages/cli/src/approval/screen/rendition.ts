// How characters are drawn (SGR, ECMA-48 8.3.117 and xterm's additions), as the parameters that would set it again.

/** Parameters of `CSI … m` in the order in which they came; empty: as after a reset. */
export type Rendition = readonly string[];

export const PLAIN: Rendition = [];

/** So many are kept as they came: programs that colour every word reset before that. */
const KEPT_MAX = 16;

/** `before` changed by the parameters of a sequence `CSI … m`. */
export function changedRendition(before: Rendition, parameters: string): Rendition {
  if (parameters === "" || parameters === "0") return PLAIN;
  const after = [...before, parameters];
  return after.length > KEPT_MAX ? folded(after) : after;
}

/** The sequence that makes a terminal draw like this, whatever it did before. */
export function renditionSequence(rendition: Rendition): string {
  return `\u001b[${["0", ...folded(rendition)].join(";")}m`;
}

/** What is left of all parameters: the last for each thing that they change. */
function folded(rendition: Rendition): Rendition {
  const left = new Map<string, string>();
  for (const parameters of rendition) fold(left, parameters.split(";"));
  return [...left.values()];
}

function fold(rendition: Map<string, string>, parts: readonly string[]): void {
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at] ?? "";
    const code = Number(part.split(":")[0]);
    const length = part.includes(":") ? 1 : lengthOfColour(code, parts[at + 1]);
    change(rendition, code, parts.slice(at, at + length).join(";"));
    at += length - 1;
  }
}

/** `38;5;N` and `38;2;R;G;B` are one thing. */
function lengthOfColour(code: number, kind: string | undefined): number {
  if (code !== 38 && code !== 48 && code !== 58) return 1;
  if (kind === "5") return 3;
  return kind === "2" ? 5 : 1;
}

/** What each code changes; one that undoes leaves nothing. */
const SET: ReadonlyMap<number, string> = new Map([
  [1, "bold"],
  [2, "faint"],
  [3, "italic"],
  [4, "underline"],
  [5, "blink"],
  [6, "blink"],
  [7, "inverse"],
  [8, "hidden"],
  [9, "struck"],
  [20, "italic"],
  [21, "underline"],
  [26, "proportional"],
  [38, "foreground"],
  [48, "background"],
  [51, "frame"],
  [52, "frame"],
  [53, "overline"],
  [58, "underline-colour"],
  [73, "raised"],
  [74, "raised"],
]);

const UNSET: ReadonlyMap<number, readonly string[]> = new Map([
  [10, ["font"]],
  [22, ["bold", "faint"]],
  [23, ["italic"]],
  [24, ["underline"]],
  [25, ["blink"]],
  [27, ["inverse"]],
  [28, ["hidden"]],
  [29, ["struck"]],
  [39, ["foreground"]],
  [49, ["background"]],
  [50, ["proportional"]],
  [54, ["frame"]],
  [55, ["overline"]],
  [59, ["underline-colour"]],
  [75, ["raised"]],
]);

function change(rendition: Map<string, string>, code: number, text: string): void {
  if (code === 0) rendition.clear();
  for (const name of UNSET.get(code) ?? []) rendition.delete(name);
  const name = SET.get(code) ?? nameOfRange(code);
  if (name === undefined) return;
  rendition.delete(name);
  rendition.set(name, text); // at the end: the order can matter
}

function nameOfRange(code: number): string | undefined {
  if (code >= 11 && code <= 19) return "font";
  if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) return "foreground";
  if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) return "background";
  return undefined;
}
