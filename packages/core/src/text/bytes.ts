// File names and arguments are bytes; JavaScript has strings. A byte that is not UTF-8 becomes a lone surrogate
// U+DC80..U+DCFF and comes back as itself, so that nothing is lost (the form of PEP 383).

import { NonoError } from "../error.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Text for `bytes`; lossless.
 *
 * @param bytes or the string that a `node:fs` of another's making gave instead: Yarn's, without `node_modules`, knows no names
 *   but strings
 * @throws NonoError `name-lost` for such a string when what it was made from was not UTF-8
 */
export function textOf(bytes: Uint8Array | string): string {
  if (typeof bytes === "string") return nothingLost(bytes);
  try {
    return decoder.decode(bytes);
  } catch {
    return escapeInvalid(bytes);
  }
}

function nothingLost(text: string): string {
  if (text.includes("\ufffd")) throw new NonoError({ code: "name-lost", name: text });
  return text;
}

const ESCAPED = /[\udc80-\udcff]/;

/** Whether a text stands for bytes that are not UTF-8. */
export function isEscaped(text: string): boolean {
  return ESCAPED.test(text);
}

/** A file name for `node:fs`, which takes text as UTF-8: a buffer only where it has to be one. */
export function fileName(text: string): string | Buffer {
  return isEscaped(text) ? bytesOf(text) : text;
}

/** The bytes of a text made by `textOf`, or of any other string as UTF-8. */
export function bytesOf(text: string): Buffer {
  if (!isEscaped(text)) return Buffer.from(text);
  const parts = text.split(/((?<![\ud800-\udbff])[\udc80-\udcff]+)/);
  return Buffer.concat(
    parts.map((part, index) =>
      index % 2 === 0
        ? Buffer.from(part)
        : Buffer.from(Array.from(part, (escaped) => escaped.charCodeAt(0) - 0xdc00)),
    ),
  );
}

/** Stretch by stretch: an exception for each byte that is none would make long names take milliseconds. */
function escapeInvalid(bytes: Uint8Array): string {
  let text = "";
  let start = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    if (at > start) text += decoder.decode(bytes.subarray(start, at));
    text += String.fromCharCode(0xdc00 + (bytes[at] as number));
    at += 1;
    start = at;
  }
  return start < bytes.length ? text + decoder.decode(bytes.subarray(start)) : text;
}

/** Of the UTF-8 of one character that begins there, or 0 (RFC 3629, section 4). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  if (first < 0x80) return 1;
  const form = FORMS.find(({ from, to }) => first >= from && first <= to);
  if (form === undefined) return 0;
  const second = bytes[at + 1] ?? 0;
  if (second < form.low || second > form.high) return 0;
  for (let next = 2; next < form.length; next++) if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) return 0;
  return form.length;
}

/** By the first byte: how many there are, and what the second one may be. */
const FORMS = [
  { from: 0xc2, to: 0xdf, length: 2, low: 0x80, high: 0xbf },
  { from: 0xe0, to: 0xe0, length: 3, low: 0xa0, high: 0xbf },
  { from: 0xe1, to: 0xec, length: 3, low: 0x80, high: 0xbf },
  { from: 0xed, to: 0xed, length: 3, low: 0x80, high: 0x9f },
  { from: 0xee, to: 0xef, length: 3, low: 0x80, high: 0xbf },
  { from: 0xf0, to: 0xf0, length: 4, low: 0x90, high: 0xbf },
  { from: 0xf1, to: 0xf3, length: 4, low: 0x80, high: 0xbf },
  { from: 0xf4, to: 0xf4, length: 4, low: 0x80, high: 0x8f },
];
