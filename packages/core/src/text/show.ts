// Text that somebody else chose (a path, an argument, a name) made fit for a terminal and a log line.

/**
 * C0, DEL and C1 controls, line and paragraph separators, bidirectional marks, characters that have no width or show nothing,
 * spaces that are not the space, annotations, lone surrogates; of combining marks what begins a text, to join what stands before it, and
 * what is piled higher than any script does.
 */
export const UNSAFE =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb]|(?! )\p{Zs}|^\p{M}|(?<=\p{M}{4})\p{M}|\p{Cs}/gu;

/** Most texts have none: looked at faster than replaced in, and soon compiled. */
const OTHER_THAN_PLAIN = /[^\u0020-\u007e]/;

/**
 * `text` with everything escaped that could move a cursor, reorder or hide characters. Bytes that are not UTF-8 show
 * as `\xNN`, the rest as `\n`, `\e`, `\u{…}`.
 *
 * @param limit longest result in UTF-16 units; what is over is cut with `…`
 */
export function show(text: string, limit = 4096): string {
  const safe = OTHER_THAN_PLAIN.test(text) ? text.replace(UNSAFE, escapeSequence) : text;
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
