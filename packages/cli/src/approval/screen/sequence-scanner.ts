// Finds the control sequences in what a program writes to its terminal (ECMA-48, xterm's ctlseqs) and passes over the
// text between them, which is nearly all of it, at the speed of a search for a byte.

/** `text` is what follows the introducer, the final byte included; of a string (`osc`, `dcs`) without its terminator. */
export type Sequence = Readonly<{
  kind: "escape" | "csi" | "osc" | "dcs" | "shift-in" | "shift-out";
  text: string;
}>;

/** `end`: where in the bytes that were scanned the sequence ends. */
export type OnSequence = (sequence: Sequence, end: number) => void;

/** Longer ones (images) are passed over: nothing that is kept is as long. */
const TEXT_MAX = 4096;

const [BEL, SO, SI, CAN, SUB, ESC] = [0x07, 0x0e, 0x0f, 0x18, 0x1a, 0x1b];
const BACKSLASH = 0x5c;
/** The first of the two bytes of a C1 control in UTF-8. */
const C1 = 0xc2;

type State = "text" | "c1" | "escape" | "csi" | "osc" | "dcs" | "string-escape";
type Strings = "osc" | "dcs";

/** What follows ESC and this character. The strings that are no OSC are all as long as they like, and set nothing. */
const INTRODUCED: Readonly<Record<string, State>> = {
  "[": "csi",
  "]": "osc",
  P: "dcs",
  X: "dcs",
  "^": "dcs",
  _: "dcs",
};

export class SequenceScanner {
  #state: State = "text";
  /** Which string an ESC was met in. */
  #string: Strings = "osc";
  #text = "";
  /** Bytes since the last place at which a terminal could be left alone. */
  #open: Buffer[] = [];
  #openLength = 0;

  scan(bytes: Uint8Array, onSequence: OnSequence): void {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const marks = new Marks(buffer);
    let openFrom = this.#state === "text" ? -1 : 0;
    for (let at = 0; at < buffer.length; ) {
      if (this.#state === "text") {
        at = marks.next(at);
        if (at >= buffer.length) break;
        const end = endOfControl(buffer, at);
        if (end > 0) {
          onSequence({ kind: "csi", text: buffer.toString("latin1", at + 2, end) }, end);
          this.#open = [];
          this.#openLength = 0;
          at = end;
          continue;
        }
        openFrom = at;
        this.#open = [];
        this.#openLength = 0;
      }
      const before = this.#state;
      at = this.#step(buffer, at, onSequence);
      if (this.#state === "text" && before !== "text") {
        openFrom = -1;
        this.#open = [];
        this.#openLength = 0;
      }
    }
    this.#keepOpen(buffer, this.#state === "text" ? -1 : openFrom);
  }

  /**
   * What the terminal has got of a sequence or character that is not complete yet; empty in between. `undefined`: it is
   * too long to be said again.
   */
  get open(): Uint8Array | undefined {
    return this.#openLength > TEXT_MAX ? undefined : Buffer.concat(this.#open);
  }

  #keepOpen(buffer: Buffer, from: number): void {
    if (this.#state === "text") {
      this.#open = [Buffer.from(partialCharacter(Buffer.concat([...this.#open, buffer.subarray(-3)])))];
      this.#openLength = this.#open[0]?.length ?? 0;
      return;
    }
    const part = buffer.subarray(Math.max(from, 0));
    this.#openLength += part.length;
    if (this.#openLength <= TEXT_MAX) this.#open.push(Buffer.from(part));
    else this.#open = [];
  }

  /** Takes one byte, or a run of them; @returns where to go on */
  #step(buffer: Buffer, at: number, onSequence: OnSequence): number {
    const byte = buffer[at] as number;
    switch (this.#state) {
      case "text":
        if (byte === ESC) this.#enter("escape");
        else if (byte === C1) this.#enter("c1");
        else onSequence({ kind: byte === SO ? "shift-out" : "shift-in", text: "" }, at + 1);
        return at + 1;
      case "c1":
        this.#introduce(byte - 0x40, at + 1, onSequence, "c1");
        return at + 1;
      case "escape":
        if (byte === CAN || byte === SUB) this.#enter("text");
        else if (byte === ESC) this.#enter("escape");
        else if (byte >= 0x20) this.#introduce(byte, at + 1, onSequence, "escape");
        return at + 1;
      case "csi":
        this.#controlSequence(byte, at + 1, onSequence);
        return at + 1;
      case "osc":
      case "dcs":
        return this.#stringPart(buffer, at, onSequence);
      case "string-escape":
        return this.#stringEscape(byte, at, onSequence);
    }
  }

  #enter(state: State): void {
    this.#state = state;
    this.#text = "";
  }

  /** The byte after ESC, or the second one of a C1 control as that byte. */
  #introduce(byte: number, end: number, onSequence: OnSequence, from: "escape" | "c1"): void {
    const character = String.fromCharCode(byte);
    const state = this.#text === "" ? INTRODUCED[character] : undefined;
    const isText = from === "c1" && (byte < 0x40 || byte > 0x5f);
    if (state !== undefined || isText) {
      this.#enter(state ?? "text");
      return;
    }
    this.#append(character);
    if (byte < 0x30) return; // intermediate
    const text = this.#text;
    this.#enter("text");
    onSequence({ kind: "escape", text }, end);
  }

  /** Controls inside a sequence are carried out and are no part of it. */
  #controlSequence(byte: number, end: number, onSequence: OnSequence): void {
    if (byte === ESC) this.#enter("escape");
    if (byte === CAN || byte === SUB || byte > 0x7f) this.#enter("text"); // after a character no terminal goes on
    if (byte < 0x20 || byte >= 0x7f) return;
    this.#append(String.fromCharCode(byte));
    if (byte < 0x40) return;
    const text = this.#text;
    this.#enter("text");
    onSequence({ kind: "csi", text }, end);
  }

  #stringPart(buffer: Buffer, at: number, onSequence: OnSequence): number {
    const end = endOfString(buffer, at);
    this.#append(buffer.toString("latin1", at, end));
    if (end === buffer.length) return end;
    const byte = buffer[end] as number;
    const kind = this.#state as Strings;
    if (byte === ESC) {
      this.#string = kind;
      this.#state = "string-escape";
    } else if (byte === CAN || byte === SUB) this.#enter("text");
    else if (byte === BEL && kind === "osc") this.#finishString(kind, end + 1, onSequence);
    else this.#append("\u0007");
    return end + 1;
  }

  /** ESC \ ends a string; ESC and anything else ends it as well, and begins something new. */
  #stringEscape(byte: number, at: number, onSequence: OnSequence): number {
    if (byte === BACKSLASH) {
      this.#finishString(this.#string, at + 1, onSequence);
      return at + 1;
    }
    this.#finishString(this.#string, at, onSequence);
    this.#enter("escape");
    return at;
  }

  #finishString(kind: Strings, end: number, onSequence: OnSequence): void {
    const text = this.#text;
    this.#enter("text");
    if (text.length <= TEXT_MAX) onSequence({ kind, text }, end);
  }

  #append(text: string): void {
    if (this.#text.length <= TEXT_MAX) this.#text += text;
  }
}

/** Where the next byte stands that is no text. Each kind is looked for once, and again when it is passed. */
class Marks {
  readonly #buffer: Buffer;
  readonly #positions = new Map<number, number>([ESC, C1, SO, SI].map((byte) => [byte, -1]));

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  next(from: number): number {
    let nearest = this.#buffer.length;
    for (const [byte, known] of this.#positions) {
      let position = known;
      if (position < from) {
        const found = this.#buffer.indexOf(byte, from);
        position = found < 0 ? this.#buffer.length : found;
        this.#positions.set(byte, position);
      }
      nearest = Math.min(nearest, position);
    }
    return nearest;
  }
}

/** Where a control sequence that is here as a whole ends, as nearly all are; 0: it is none, or not so simple. */
function endOfControl(buffer: Buffer, at: number): number {
  if (buffer[at] !== ESC || buffer[at + 1] !== 0x5b) return 0;
  let end = at + 2;
  while ((buffer[end] ?? 0) >= 0x20 && (buffer[end] as number) < 0x40) end++;
  const final = buffer[end] ?? 0;
  return final >= 0x40 && final < 0x7f && end - at < TEXT_MAX ? end + 1 : 0;
}

function endOfString(buffer: Buffer, from: number): number {
  for (let at = from; at < buffer.length; at++) {
    const byte = buffer[at] as number;
    if (byte === ESC || byte === BEL || byte === CAN || byte === SUB) return at;
  }
  return buffer.length;
}

/** The bytes at the end that begin a character of UTF-8 and do not finish it. */
function partialCharacter(bytes: Buffer): Uint8Array {
  for (let length = 1; length <= Math.min(3, bytes.length); length++) {
    const byte = bytes[bytes.length - length] as number;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const wanted = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return wanted > length ? bytes.subarray(bytes.length - length) : Buffer.alloc(0);
  }
  return Buffer.alloc(0);
}
