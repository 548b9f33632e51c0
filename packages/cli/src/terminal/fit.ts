// Text in columns of a terminal.

/** Columns that `text` takes at most: whatever could be wide somewhere counts as two. */
export function columnsOf(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + columnsOfCharacter(character), 0);
}

/** Hangul Jamo begin at U+1100: nothing below is wide. The ellipsis is, in some fonts, and is used by us. */
function columnsOfCharacter(character: string): number {
  return (character.codePointAt(0) as number) < 0x1100 ? 1 : 2;
}

/** `text` in lines of at most `columns`, broken wherever a line is full. */
export function fold(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  let width = 0;
  for (const character of text) {
    const more = columnsOfCharacter(character);
    if (width + more > columns && line !== "") {
      lines.push(line);
      line = "";
      width = 0;
    }
    line += character;
    width += more;
  }
  return [...lines, line];
}

/** `text` in at most so many lines: of what is longer the beginning and the end, and how much is missing between them. */
export function foldBounded(text: string, columns: number, lines: number): readonly string[] {
  const folded = fold(text, columns);
  if (folded.length <= lines) return folded;
  const characters = Array.from(text);
  const room = Math.max(2, lines * columns - 16);
  // A character takes a column at least; wide ones take more than they count.
  let kept = Math.min(characters.length, room);
  for (; kept > 2; kept--) {
    const [head, tail] = [Math.ceil(kept / 2), Math.floor(kept / 2)];
    const cut = characters.slice(0, head).join("") + characters.slice(characters.length - tail).join("");
    if (columnsOf(cut) <= room) break;
  }
  const missing = characters.length - kept;
  const [head, tail] = [Math.ceil(kept / 2), Math.floor(kept / 2)];
  const shortened = `${characters.slice(0, head).join("")}...(${missing})...${characters.slice(characters.length - tail).join("")}`;
  return fold(shortened, columns).slice(0, lines);
}

/** `text` broken between words; a word that is too long is broken itself. */
export function wrapWords(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const [first = "", ...rest] = fold(word, columns);
    if (line !== "" && columnsOf(line) + 1 + columnsOf(first) > columns) {
      lines.push(line);
      line = first;
    } else line = line === "" ? first : `${line} ${first}`;
    for (const part of rest) {
      lines.push(line);
      line = part;
    }
  }
  return [...lines, line];
}
