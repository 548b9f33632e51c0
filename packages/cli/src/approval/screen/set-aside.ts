// The sequences that take the terminal from a program and give it back as it was. The normal screen is left to the
// terminal, which keeps it while the alternate one is shown; an alternate screen has no second one behind it, and is drawn
// again from a model.

import { isOn, type ProgramModes } from "./program-modes.ts";
import { modesToChange, setsMode } from "./question-modes.ts";
import { renditionSequence } from "./rendition.ts";

/** Rows and columns count from 1. */
export type Position = Readonly<{ row: number; column: number }>;

/** `written`: what has to be written there, so that the cursor waits at the end of the line. */
export type Cursor = Position & Readonly<{ written?: string }>;

const ESC = "\u001b";
const CAN = "\u0018";
const ST = `${ESC}\\`;
const KEEP_CURSOR = `${ESC}[?1049h`;
const GIVE_BACK_CURSOR = `${ESC}[?1049l`;

/**
 * Takes the terminal: whatever the program has set that could hide, move or colour what is drawn next, or could make
 * something else than keys come in, is set as it has to be, and the screen is cleared.
 *
 * @param open whether the program is in the middle of a sequence
 * @param keepsSaved give back what the program has saved with DECSC, which showing the alternate screen would replace
 */
export function takeTerminal(
  modes: ProgramModes,
  { open, keepsSaved }: Readonly<{ open: boolean; keepsSaved: boolean }>,
): string {
  return [
    closing(open),
    setsMode(2026, false),
    modes.alternate ? "" : (keepsSaved ? `${ESC}8` : "") + KEEP_CURSOR,
    // Keyboards: xterm's modifyOtherKeys, and kitty's flags, which terminals stack for each screen.
    modes.otherKeys === undefined ? "" : `${ESC}[>4;0m`,
    `${ESC}[>0u`,
    modesToChange((mode) => isOn(modes, mode))
      .map((mode) => setsMode(mode, !isOn(modes, mode)))
      .join(""),
    `${ESC}[4l${ESC}[20l${ESC}>`,
    `${ESC}%G${ESC}(B${ESC})B\u000f`,
    modes.link === "" ? "" : `${ESC}]8;;${ST}`,
    ownColours(modes),
    `${ESC}[r${ESC}[0m${ESC}[H${ESC}[2J`,
  ].join("");
}

/** When the program has ended: the terminal's own colours, where it has changed them; else nothing. */
export function takeBackColours(modes: ProgramModes, open: boolean): string {
  const own = ownColours(modes);
  return own === "" ? "" : closing(open) + own;
}

/** Ends a sequence that the program is in the middle of. */
function closing(open: boolean): string {
  return open ? CAN + ST : "";
}

/** Gives back what `takeTerminal` has changed, and the cursor. The screen has been given back before, or is by this. */
export function giveBackTerminal(
  modes: ProgramModes,
  { cursor, keepsSaved }: Readonly<{ cursor: Cursor | undefined; keepsSaved: boolean }>,
): string {
  const moved = cursor === undefined ? "" : moveTo(cursor, modes) + (cursor.written ?? "");
  return [
    `${ESC}[<u`,
    modes.otherKeys === undefined
      ? ""
      : `${ESC}[>4${modes.otherKeys === "-1" ? "n" : `;${modes.otherKeys}m`}`,
    [...modes.colours].map(([key, colour]) => `${ESC}]${key};${colour}${ST}`).join(""),
    modes.applicationKeypad ? `${ESC}=` : "",
    // These move the cursor; it follows.
    setsMode(7, isOn(modes, 7)),
    isOn(modes, 69) ? `${setsMode(69, true)}${ESC}[${modes.sideMargins}s` : "",
    `${ESC}[${modes.margins}r`,
    modesToChange((mode) => isOn(modes, mode))
      .filter((mode) => mode !== 7 && mode !== 69 && mode !== 2026)
      .map((mode) => setsMode(mode, isOn(modes, mode)))
      .join(""),
    modes.alternate ? moved : GIVE_BACK_CURSOR + (keepsSaved ? moved : ""),
    [...modes.ansi].map(([mode, on]) => (on ? `${ESC}[${mode}h` : "")).join(""),
    charsetSequence(modes),
    renditionSequence(modes.rendition),
    modes.link === "" ? "" : `${ESC}]8;${modes.link}${ST}`,
    isOn(modes, 2026) ? setsMode(2026, true) : "",
  ].join("");
}

/** In origin mode rows and columns count from the margins, and the cursor is between them. */
function moveTo({ row, column }: Position, modes: ProgramModes): string {
  if (!isOn(modes, 6)) return `${ESC}[${row};${column}H`;
  const top = firstOf(modes.margins);
  const left = isOn(modes, 69) ? firstOf(modes.sideMargins) : 1;
  return `${ESC}[${row - top + 1};${column - left + 1}H`;
}

function firstOf(parameters: string): number {
  return Math.max(1, Number(parameters.split(";")[0] || 1));
}

function charsetSequence({ charsets: { designated, shift } }: ProgramModes): string {
  const slots = designated.map((final, slot) =>
    slot < 2 || final !== "B" ? `${ESC}${"()*+"[slot]}${final}` : "",
  );
  return slots.join("") + (["\u000f", "\u000e", `${ESC}n`, `${ESC}o`][shift] as string);
}

function ownColours({ colours }: ProgramModes): string {
  return [...colours.keys()].map(resetColour).join("");
}

/** `4;N` is a colour of the palette, `N` one of foreground, background, cursor, …: 100 more resets it. */
function resetColour(key: string): string {
  const [number, index] = key.split(";");
  return `${ESC}]${Number(number) + 100}${index === undefined ? "" : `;${index}`}${ST}`;
}
