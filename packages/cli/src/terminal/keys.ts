// Keys out of the bytes of a terminal. What is more than one key, such as something pasted, is none; of escape sequences
// those of the cursor are.

export type Key =
  | Readonly<{ kind: "character"; character: string }>
  | Readonly<{ kind: "move"; to: Movement }>
  | Readonly<{ kind: "enter" | "interrupt" | "suspend" | "end" | "escape" | "other" }>;

export type Movement = "up" | "down" | "left" | "right" | "first" | "last" | "page-up" | "page-down";

/** What follows `ESC [` or `ESC O`, in any of the ways that terminals have of saying it. */
const MOVEMENTS: Readonly<Record<string, Movement>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  H: "first",
  F: "last",
  "1~": "first",
  "7~": "first",
  "4~": "last",
  "8~": "last",
  "5~": "page-up",
  "6~": "page-down",
};

const ESC = 0x1b;
const PASTE_BEGINS = "200~";
const PASTE_ENDS = "\u001b[201~";
const SEQUENCE_MAX = 64;

type State = "key" | "escape" | "control" | "single" | "string" | "paste";

const CONTROLS: ReadonlyMap<number, Key> = new Map([
  [0x0d, { kind: "enter" }],
  [0x0a, { kind: "enter" }],
  [0x03, { kind: "interrupt" }],
  [0x04, { kind: "end" }],
  [0x1a, { kind: "suspend" }],
]);

export class KeyReader {
  #state: State = "key";
  #text = "";

  /** A sequence that is not complete goes on with the next bytes; so a lone ESC takes the next key with it. */
  read(bytes: Uint8Array): readonly Key[] {
    return Array.from(bytes, (byte) => this.#take(byte)).filter((key) => key !== undefined);
  }

  /** Where nothing follows an ESC, it was the key of that name. */
  pause(): readonly Key[] {
    if (this.#state !== "escape") return [];
    this.#state = "key";
    return [{ kind: "escape" }];
  }

  #take(byte: number): Key | undefined {
    switch (this.#state) {
      case "key":
        return this.#key(byte);
      case "escape":
        return this.#escape(byte);
      case "control":
        return this.#control(byte);
      case "single":
        return this.#enter("key", movement(String.fromCharCode(byte)));
      case "string":
        return this.#string(byte);
      case "paste":
        return this.#paste(byte);
    }
  }

  #enter(state: State, key?: Key): Key | undefined {
    this.#state = state;
    this.#text = "";
    return key;
  }

  #key(byte: number): Key | undefined {
    if (byte === ESC) return this.#enter("escape");
    if (byte >= 0x20 && byte < 0x7f) return { kind: "character", character: String.fromCharCode(byte) };
    return CONTROLS.get(byte) ?? { kind: "other" };
  }

  #escape(byte: number): Key | undefined {
    const character = String.fromCharCode(byte);
    if (byte === ESC) return undefined;
    if (character === "[") return this.#enter("control");
    if (character === "O") return this.#enter("single");
    if ("]P_^X".includes(character)) return this.#enter("string");
    return this.#enter("key", { kind: "other" });
  }

  #control(byte: number): Key | undefined {
    if (byte === ESC) return this.#enter("escape");
    this.#append(byte);
    if (byte >= 0x20 && byte < 0x40) return undefined;
    if (this.#text === PASTE_BEGINS) return this.#enter("paste");
    return this.#enter("key", movement(this.#text));
  }

  #string(byte: number): Key | undefined {
    this.#append(byte);
    return byte === 0x07 || this.#text.endsWith("\u001b\\")
      ? this.#enter("key", { kind: "other" })
      : undefined;
  }

  #paste(byte: number): Key | undefined {
    this.#append(byte);
    return this.#text.endsWith(PASTE_ENDS) ? this.#enter("key", { kind: "other" }) : undefined;
  }

  #append(byte: number): void {
    this.#text = (this.#text + String.fromCharCode(byte)).slice(-SEQUENCE_MAX);
  }
}

function movement(sequence: string): Key {
  const to = Object.hasOwn(MOVEMENTS, sequence) ? MOVEMENTS[sequence] : undefined;
  return to === undefined ? { kind: "other" } : { kind: "move", to };
}
