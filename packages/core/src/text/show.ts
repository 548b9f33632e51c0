// Text that somebody else chose (a path, an argument, a name) made fit for a terminal and a log line.

/** C0, DEL and C1 controls, line and paragraph separators, bidirectional marks, zero-width characters, lone surrogates. */
export const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|[\u{e0000}-\u{e007f}]/gu;

/**
 * `text` with everything escaped that could move a cursor, reorder or hide characters. Bytes that are not UTF-8 show
 * as `\xNN`, the rest as `\n`, `\e`, `\u{…}`.
 *
 * @param limit longest result in UTF-16 units; what is over is cut with `…`
 */
export function show(text: string, limit = 4096): string {
  const safe = text.replace(UNSAFE, escapeSequence);
  return safe.length <= limit ? safe : `${safe.slice(0, limit - 1)}…`;
}

const NAMED: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\u001b": "\\e",
  "\0": "\\0",
};

function escapeSequence(character: string): string {
  const code = character.codePointAt(0) as number;
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  return NAMED[character] ?? `\\u{${code.toString(16)}}`;
}
