// What a program has set in its terminal and not what it has drawn: modes, colours, margins, character sets. Source:
// xterm's ctlseqs; where terminals differ, what a question needs is set and set back in all of them.

import { isOnAtFirst, isQuestionMode } from "./question-modes.ts";
import { changedRendition, PLAIN, type Rendition } from "./rendition.ts";
import type { Sequence } from "./sequence-scanner.ts";

/** What DECSC saves, as far as a sequence can set it again. */
type Saved = Readonly<{ rendition: Rendition; charsets: Charsets }>;

/** Designations of G0 to G3 as their final bytes, and which of them is in use. */
export type Charsets = Readonly<{ designated: readonly string[]; shift: number }>;

export type ProgramModes = Readonly<{
  /** DECSET and DECRST by number, as far as the program has said, of those that a question changes. */
  private: ReadonlyMap<number, boolean>;
  /** SM and RM: 4, insert, and 20, newline. */
  ansi: ReadonlyMap<number, boolean>;
  rendition: Rendition;
  charsets: Charsets;
  /** Parameters of DECSTBM; empty: the whole screen. */
  margins: string;
  /** The same of DECSLRM, in effect with mode 69 only. */
  sideMargins: string;
  applicationKeypad: boolean;
  /** Parameter of xterm's modifyOtherKeys; undefined: as the terminal had it. */
  otherKeys: string | undefined;
  /** Colours that were changed: by the number of the OSC, with `;` and an index for a colour of the palette. */
  colours: ReadonlyMap<string, string>;
  /** Parameters of the open hyperlink (OSC 8); empty: none. */
  link: string;
  /** The alternate screen is shown. */
  alternate: boolean;
  /** What is saved on the screen shown; undefined: nothing was. */
  saved: Saved | undefined;
  /** The same of the normal screen, while the alternate one is shown. */
  savedNormal: Saved | undefined;
}>;

const ASCII: Charsets = { designated: ["B", "B", "B", "B"], shift: 0 };

export const INITIAL_MODES: ProgramModes = {
  private: new Map(),
  ansi: new Map(),
  rendition: PLAIN,
  charsets: ASCII,
  margins: "",
  sideMargins: "",
  applicationKeypad: false,
  otherKeys: undefined,
  colours: new Map(),
  link: "",
  alternate: false,
  saved: undefined,
  savedNormal: undefined,
};

export function isOn(modes: ProgramModes, mode: number): boolean {
  return modes.private.get(mode) ?? isOnAtFirst(mode);
}

/** @returns `modes` itself when nothing of it changes */
export function changedModes(modes: ProgramModes, { kind, text }: Sequence): ProgramModes {
  switch (kind) {
    case "csi":
      return afterControl(modes, text);
    case "escape":
      return afterEscape(modes, text);
    case "osc":
      return afterCommand(modes, text);
    case "shift-in":
      return shifted(modes, 0);
    case "shift-out":
      return shifted(modes, 1);
    case "dcs":
      return modes;
  }
}

function afterControl(modes: ProgramModes, text: string): ProgramModes {
  const parameters = text.slice(0, -1);
  const isPlain = /^[0-9;:]*$/.test(parameters);
  switch (text.slice(-1)) {
    case "m":
      return afterRendition(modes, parameters);
    case "n":
      return parameters === ">4" ? { ...modes, otherKeys: "-1" } : modes;
    case "h":
    case "l":
      return afterModes(modes, parameters, text.endsWith("h"));
    case "r":
      return isPlain ? { ...modes, margins: parameters } : modes;
    case "s":
      if (parameters === "" && !isOn(modes, 69)) return saved(modes);
      return isPlain ? { ...modes, sideMargins: parameters } : modes;
    case "u":
      return parameters === "" ? restored(modes) : modes;
    case "p":
      return parameters === "!" ? softReset(modes) : modes;
    default:
      return modes;
  }
}

function afterRendition(modes: ProgramModes, parameters: string): ProgramModes {
  if (/^[0-9;:]*$/.test(parameters))
    return { ...modes, rendition: changedRendition(modes.rendition, parameters) };
  const value = /^>4;?([0-9]*)$/.exec(parameters)?.[1];
  return value === undefined ? modes : { ...modes, otherKeys: value === "" ? undefined : value };
}

function afterModes(modes: ProgramModes, parameters: string, on: boolean): ProgramModes {
  if (!parameters.startsWith("?")) {
    const ansi = new Map(modes.ansi);
    for (const number of numbersIn(parameters)) if (number === 4 || number === 20) ansi.set(number, on);
    return { ...modes, ansi };
  }
  return numbersIn(parameters.slice(1)).reduce((before, number) => afterMode(before, number, on), modes);
}

function afterMode(modes: ProgramModes, number: number, on: boolean): ProgramModes {
  switch (number) {
    case 47:
    case 1047:
      return screenShown(modes, on);
    case 1048:
      return on ? saved(modes) : restored(modes);
    case 1049:
      // What was saved for this is used up with it.
      return on
        ? screenShown(saved(modes), true)
        : { ...restored(screenShown(modes, false)), saved: undefined };
    default:
      if (!isQuestionMode(number) || (modes.private.get(number) === on && !MOUSE.has(number))) return modes;
      return { ...modes, private: afterPrivateMode(modes.private, number, on) };
  }
}

/** What is reported of the mouse: one of these at most, and none after any of them was reset. */
const MOUSE: ReadonlySet<number> = new Set([9, 1000, 1001, 1002, 1003]);

function afterPrivateMode(
  before: ProgramModes["private"],
  number: number,
  on: boolean,
): ProgramModes["private"] {
  const others = MOUSE.has(number) ? [...before].filter(([mode]) => !MOUSE.has(mode)) : before;
  return new Map(others).set(number, on);
}

function numbersIn(parameters: string): readonly number[] {
  return parameters.split(";").flatMap((text) => (/^[0-9]+$/.test(text) ? [Number(text)] : []));
}

/** What is saved is saved for each screen. */
function screenShown(modes: ProgramModes, alternate: boolean): ProgramModes {
  if (alternate === modes.alternate) return modes;
  return alternate
    ? { ...modes, alternate, savedNormal: modes.saved, saved: undefined }
    : { ...modes, alternate, saved: modes.savedNormal, savedNormal: undefined };
}

function saved(modes: ProgramModes): ProgramModes {
  return { ...modes, saved: { rendition: modes.rendition, charsets: modes.charsets } };
}

function restored(modes: ProgramModes): ProgramModes {
  return { ...modes, ...(modes.saved ?? { rendition: PLAIN, charsets: ASCII }) };
}

const SLOTS = "()*+";
const SHIFTS: Readonly<Record<string, number>> = { n: 2, o: 3 };

function afterEscape(modes: ProgramModes, text: string): ProgramModes {
  const slot = SLOTS.indexOf(text[0] as string);
  if (slot >= 0 && text.length > 1) {
    const designated = modes.charsets.designated.with(slot, text.slice(1));
    return { ...modes, charsets: { ...modes.charsets, designated } };
  }
  const shift = SHIFTS[text];
  if (shift !== undefined) return shifted(modes, shift);
  switch (text) {
    case "7":
      return saved(modes);
    case "8":
      return restored(modes);
    case "=":
      return { ...modes, applicationKeypad: true };
    case ">":
      return { ...modes, applicationKeypad: false };
    case "c":
      return INITIAL_MODES;
    default:
      return modes;
  }
}

function shifted(modes: ProgramModes, shift: number): ProgramModes {
  return { ...modes, charsets: { ...modes.charsets, shift } };
}

/** DECSTR, as the VT510 manual has it. */
function softReset(modes: ProgramModes): ProgramModes {
  const reset = new Map(modes.private);
  for (const mode of [1, 6, 25, 69]) reset.delete(mode);
  return {
    ...modes,
    private: reset,
    ansi: new Map([...modes.ansi].filter(([mode]) => mode !== 4)),
    rendition: PLAIN,
    charsets: ASCII,
    margins: "",
    sideMargins: "",
    applicationKeypad: false,
    saved: undefined,
  };
}

function afterCommand(modes: ProgramModes, text: string): ProgramModes {
  const [number = "", ...rest] = text.split(";");
  const value = rest.join(";");
  if (number === "8") return { ...modes, link: /^[^;]*;$/.test(value) ? "" : value };
  if (number === "4") return afterPalette(modes, rest);
  if (number === "104") return { ...modes, colours: without(modes.colours, "4", rest) };
  // 10 to 19 are foreground, background, cursor and so on; several values are those of the following numbers.
  if (/^1[0-9]$/.test(number)) {
    const colours = new Map(modes.colours);
    rest.slice(0, 10).forEach((colour, index) => {
      if (colour !== "?") colours.set(String(Number(number) + index), colour);
    });
    return { ...modes, colours };
  }
  if (/^11[0-9]$/.test(number)) {
    const colours = new Map(modes.colours);
    colours.delete(String(Number(number) - 100));
    return { ...modes, colours };
  }
  return modes;
}

function afterPalette(modes: ProgramModes, pairs: readonly string[]): ProgramModes {
  const colours = new Map(modes.colours);
  for (let at = 0; at + 1 < pairs.length; at += 2)
    if (pairs[at + 1] !== "?" && /^[0-9]{1,3}$/.test(pairs[at] ?? ""))
      colours.set(`4;${Number(pairs[at])}`, pairs[at + 1] as string);
  return { ...modes, colours };
}

function without(
  colours: ProgramModes["colours"],
  number: string,
  indices: readonly string[],
): ProgramModes["colours"] {
  const all = indices.every((index) => index === "");
  return new Map(
    [...colours].filter(([key]) => {
      const [ofNumber, index] = key.split(";");
      return ofNumber !== number || !(all || indices.includes(index ?? ""));
    }),
  );
}
