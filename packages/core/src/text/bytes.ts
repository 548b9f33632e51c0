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

function escapeInvalid(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes[at] as number);
    try {
      text += decoder.decode(bytes.subarray(at, at + length));
      at += length;
    } catch {
      text += String.fromCharCode(0xdc00 + (bytes[at] as number));
      at += 1;
    }
  }
  return text;
}

function sequenceLength(first: number): number {
  if (first < 0xc0) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}
