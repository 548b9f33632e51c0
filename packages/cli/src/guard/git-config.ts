// Git's configuration as git reads it (git-config(1), and parse_value() of its config.c), and the few keys that lead to
// further files. It is read and not run: `git config` would start a program in a directory that an agent may have
// prepared. What git calls a bad line is left out here, and the next one read.

/** `key`: section and name in lower case, what stands between them as it is. `value`: without quotes and comments. */
export type ConfigValue = Readonly<{ key: string; value: string }>;

export type ConfigReferences = Readonly<{
  /** `core.hooksPath`, the last one that is set. */
  hooksPath: string | undefined;
  /** `include.path` and `includeIf.*.path`. */
  includes: readonly string[];
}>;

export function referencesOf(text: string): ConfigReferences {
  const values = configValues(text);
  return {
    hooksPath: values.findLast(({ key }) => key === "core.hookspath")?.value,
    includes: values
      .filter(({ key }) => key === "include.path" || /^includeif\.(.*\.)?path$/s.test(key))
      .map(({ value }) => value),
  };
}

/** In their order; of a key without a value, the value is empty. */
export function configValues(text: string): readonly ConfigValue[] {
  return new Reader(text).values();
}

const ESCAPED: Readonly<Record<string, string>> = { t: "\t", b: "\b", n: "\n", "\\": "\\", '"': '"' };

/** `blank`: left out at the beginning and the end of a value. What is written as an escape is not, and keeps what is before it. */
type Piece = Readonly<{ text: string | undefined; quoted: boolean; blank?: boolean }>;

/** One character after the other: a configuration may be long, and written so that an expression takes for ever. */
class Reader {
  private readonly text: string;
  private at = 0;
  private section = "";
  private readonly found: ConfigValue[] = [];

  constructor(text: string) {
    this.text = text.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
  }

  values(): readonly ConfigValue[] {
    for (let character = this.next(); character !== undefined; character = this.next()) {
      if (character === "#" || character === ";") this.skipLine();
      else if (character === "[") this.section = this.header() ?? this.section;
      else if (/[a-z]/i.test(character)) this.entry(character);
      else if (!isSpace(character)) this.skipLine();
    }
    return this.found;
  }

  private next(): string | undefined {
    const character = this.text[this.at];
    this.at += 1;
    return character;
  }

  private back(): void {
    this.at -= 1;
  }

  /** To its end; what ended it already is not passed. */
  private skipLine(): void {
    const end = this.text.indexOf("\n", this.at);
    this.at = end < 0 ? this.text.length : end;
  }

  private spaces(which = " \t"): void {
    while (this.at < this.text.length && which.includes(this.text[this.at] as string)) this.at += 1;
  }

  private word(expression: RegExp): string {
    const start = this.at;
    while (this.at < this.text.length && expression.test(this.text[this.at] as string)) this.at += 1;
    return this.text.slice(start, this.at).toLowerCase();
  }

  /** Undefined: git would not take it. */
  private header(): string | undefined {
    const name = this.word(/[a-z0-9.-]/i);
    this.spaces(" \t\r");
    const sub = this.text[this.at] === '"' ? this.subsection() : "";
    if (sub !== undefined && this.next() === "]") return sub === "" ? name : `${name}.${sub}`;
    this.back();
    this.skipLine();
    return undefined;
  }

  private subsection(): string | undefined {
    this.at += 1;
    const start = this.at;
    let escaped = false;
    for (
      let character = this.next();
      character !== undefined && character !== "\n";
      character = this.next()
    ) {
      if (character === '"' && !escaped)
        return this.text.slice(start, this.at - 1).replaceAll(/\\([^\n])/g, "$1");
      escaped = character === "\\" && !escaped;
    }
    this.back();
    return undefined;
  }

  private entry(first: string): void {
    const key = `${this.section}.${(first + this.word(/[a-z0-9-]/i)).toLowerCase()}`;
    this.spaces();
    const character = this.next();
    if (character === "=") {
      const value = this.value();
      if (value !== undefined) this.found.push({ key, value });
      return;
    }
    if (character === undefined || character === "\n") this.found.push({ key, value: "" });
    else this.skipLine();
  }

  /** Quotes begin and end anywhere; a comment begins outside of them, and a backslash in it means nothing. */
  private value(): string | undefined {
    let [value, spaces] = ["", ""];
    for (let piece = this.piece(false); piece !== "end"; piece = this.piece(piece.quoted)) {
      if (piece.text === undefined) return undefined;
      if (piece.blank) {
        if (value !== "") spaces += piece.text;
      } else {
        value += spaces + piece.text;
        spaces = "";
      }
    }
    return value;
  }

  /** The next character of a value. Without a text: git would not take it. */
  private piece(quoted: boolean): Piece | "end" {
    const character = this.next();
    switch (character) {
      case undefined:
      case "\n":
        return quoted ? { text: undefined, quoted } : "end";
      case '"':
        return { text: "", quoted: !quoted };
      case "\\":
        return { text: this.escaped(), quoted };
      case "#":
      case ";":
        if (quoted) return { text: character, quoted };
        this.skipLine();
        return "end";
      default:
        return { text: character, quoted, blank: !quoted && isSpace(character) };
    }
  }

  /** Of one that goes on in the next line: nothing. Undefined: git would not take it. */
  private escaped(): string | undefined {
    const character = this.next();
    if (character === "\n" || character === undefined) return "";
    const meant = Object.hasOwn(ESCAPED, character) ? ESCAPED[character] : undefined;
    if (meant === undefined) this.skipLine();
    return meant;
  }
}

function isSpace(character: string): boolean {
  return character === " " || character === "\t" || character === "\n" || character === "\r";
}
