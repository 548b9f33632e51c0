// JSON, a value a line, over a connection that gives bytes in pieces.

/** No message is longer, in bytes; a longer line is an error. */
const LINE_MAX = 1 << 24;

export class LineReader {
  readonly #parts: Buffer[] = [];
  #length = 0;

  /**
   * The values whose lines are complete.
   *
   * @throws SyntaxError for what is no JSON, RangeError for a line that is too long
   */
  read(bytes: Uint8Array): readonly unknown[] {
    const values: unknown[] = [];
    let rest = Buffer.from(bytes);
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
      values.push(JSON.parse(Buffer.concat([...this.#parts, rest.subarray(0, end)]).toString()));
      this.#parts.length = 0;
      this.#length = 0;
      rest = rest.subarray(end + 1);
    }
    this.#length += rest.length;
    if (this.#length > LINE_MAX) throw new RangeError(`a line is longer than ${LINE_MAX} bytes`);
    this.#parts.push(rest);
    return values;
  }
}

export function lineOf(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}
