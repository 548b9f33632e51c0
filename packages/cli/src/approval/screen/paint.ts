// A screen drawn again from a model of it, cell by cell.

import type { IBuffer, IBufferCell } from "@xterm/headless";

const ESC = "\u001b";

export type Screen = Readonly<{ buffer: IBuffer; rows: number; columns: number }>;

/**
 * The sequences that draw a screen on a cleared one. Autowrap has to be off, margins and origin as at first; the cursor
 * and the rendition are left anywhere.
 */
export function paintScreen({ buffer, rows, columns }: Screen): string {
  const cell = buffer.getNullCell();
  let painted = "";
  let rendition = "";
  for (let row = 0; row < rows; row++) {
    const line = buffer.getLine(buffer.baseY + row);
    let cursor = -1;
    for (let column = 0; column < columns; column++) {
      const found = line?.getCell(column, cell);
      // What is blank was cleared with the screen; the second half of a wide character comes with the first.
      if (found === undefined || found.getWidth() === 0 || isBlank(found)) continue;
      if (column !== cursor) painted += `${ESC}[${row + 1};${column + 1}H`;
      const wanted = renditionOf(found);
      if (wanted !== rendition) painted += `${ESC}[0${wanted}m`;
      painted += found.getChars() || " ";
      rendition = wanted;
      cursor = column + found.getWidth();
    }
  }
  return painted;
}

/**
 * Where the cursor is, counted from 1, and what has to be written there, with autowrap on, when the last column was
 * written and the cursor waits to go to the next line.
 */
export function cursorOf({
  buffer,
  columns,
}: Screen): Readonly<{ row: number; column: number; written: string }> {
  const row = buffer.cursorY + 1;
  if (buffer.cursorX < columns) return { row, column: buffer.cursorX + 1, written: "" };
  const line = buffer.getLine(buffer.baseY + buffer.cursorY);
  const last = line?.getCell(columns - 1)?.getWidth() === 0 ? columns - 2 : columns - 1;
  const cell = line?.getCell(last);
  const written = cell === undefined ? "" : `${ESC}[0${renditionOf(cell)}m${cell.getChars() || " "}`;
  return { row, column: last + 1, written };
}

function isBlank(cell: IBufferCell): boolean {
  const chars = cell.getChars();
  return (chars === "" || chars === " ") && cell.isAttributeDefault();
}

/** Parameters of SGR after a reset, each with a `;` before it. */
function renditionOf(cell: IBufferCell): string {
  const flags: readonly (readonly [number, number])[] = [
    [cell.isBold(), 1],
    [cell.isDim(), 2],
    [cell.isItalic(), 3],
    [cell.isUnderline(), 4],
    [cell.isBlink(), 5],
    [cell.isInverse(), 7],
    [cell.isInvisible(), 8],
    [cell.isStrikethrough(), 9],
    [cell.isOverline(), 53],
  ];
  const set = flags.filter(([on]) => on !== 0).map(([, code]) => `;${code}`);
  const foreground = colourOf(cell.getFgColor(), cell.isFgPalette(), cell.isFgRGB(), 38);
  const background = colourOf(cell.getBgColor(), cell.isBgPalette(), cell.isBgRGB(), 48);
  return set.join("") + foreground + background;
}

/** The first 16 colours have codes of their own, which every terminal knows. */
function colourOf(colour: number, palette: boolean, rgb: boolean, code: 38 | 48): string {
  if (rgb) return `;${code};2;${(colour >> 16) & 0xff};${(colour >> 8) & 0xff};${colour & 0xff}`;
  if (!palette) return "";
  if (colour < 8) return `;${code - 8 + colour}`;
  return colour < 16 ? `;${code + 52 + colour - 8}` : `;${code};5;${colour}`;
}
