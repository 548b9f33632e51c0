// One line typed on a raw terminal: what a terminal does by itself otherwise, for short answers.

/** Longer than any answer to a question of ours. */
const LIMIT = 120;

const [ENTER, LINE_FEED, ERASE, BACKSPACE, ESCAPE] = [0x0d, 0x0a, 0x7f, 0x08, 0x1b];
/** ^C, ^D */
const GIVING_UP = [0x03, 0x04];

export type Taken = Readonly<{
  /** To be shown. */
  echo: string;
  /** The line, once it is complete; null: none is to come. */
  line: string | null | undefined;
}>;

export class LineInput {
  #text = "";

  /** What follows the end of the line is dropped, and so is the rest of what an ESC begins. */
  take(bytes: Uint8Array): Taken {
    let echo = "";
    for (const byte of bytes) {
      if (byte === ENTER || byte === LINE_FEED) return { echo: `${echo}\r\n`, line: this.#text };
      if (GIVING_UP.includes(byte)) return { echo: `${echo}\r\n`, line: null };
      if (byte === ESCAPE) break;
      if (byte === ERASE || byte === BACKSPACE) echo += this.#erase();
      else if (byte >= 0x20 && byte < 0x7f && this.#text.length < LIMIT) {
        this.#text += String.fromCharCode(byte);
        echo += String.fromCharCode(byte);
      }
    }
    return { echo, line: bytes.length === 0 ? null : undefined };
  }

  #erase(): string {
    if (this.#text === "") return "";
    this.#text = this.#text.slice(0, -1);
    return "\b \b";
  }
}
