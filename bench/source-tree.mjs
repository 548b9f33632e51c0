// A generated tree like a checkout of sources: many small files of text that compresses about as code does, a few large
// ones, a dozen names a directory. The same number always gives the same tree.

import fs from "node:fs";
import path from "node:path";

/** Bytes: half of all files are smaller than the median; the mean is about three times that. */
const MEDIAN = 2500;
const SPREAD = 1.5;
const LARGEST = 2 << 20;
const PER_DIRECTORY = 12;

/** Text that files are cut from; one that is larger repeats it. */
const TEXT = 8 << 20;

/**
 * @param {string} root made here
 * @param {number} count of files
 * @returns {{ files: string[], bytes: number }} files by their absolute paths
 */
export function makeSourceTree(root, count) {
  const random = randomOf(count);
  const text = textOf(random);
  const files = [];
  let bytes = 0;
  for (let directory = 0; files.length < count; directory++) {
    const place = path.join(root, placeOf(directory));
    fs.mkdirSync(place, { recursive: true });
    for (let index = 0; index < PER_DIRECTORY && files.length < count; index++) {
      const size = Math.min(LARGEST, Math.round(MEDIAN * Math.exp(SPREAD * normal(random))));
      const file = path.join(place, `module-${directory}-${index}.ts`);
      fs.writeFileSync(file, contentOf(text, files.length, size, random));
      files.push(file);
      bytes += size;
    }
  }
  return { files, bytes };
}

/**
 * Every `of`-th file gets new content of its size.
 *
 * @param {readonly string[]} files
 * @param {number} of
 * @param {number} turn which of them, and what
 * @returns {number} bytes written
 */
export function editEvery(files, of, turn) {
  let bytes = 0;
  for (let index = (turn * 37) % of; index < files.length; index += of) {
    const file = /** @type {string} */ (files[index]);
    const content = fs.readFileSync(file);
    content.write(`// edit ${turn} of ${index}`, 0, "latin1");
    fs.writeFileSync(file, content);
    bytes += content.length;
  }
  return bytes;
}

/** Fewer at the top than below, as in real trees: three to six levels. @param {number} directory */
function placeOf(directory) {
  const digits = directory.toString(8).padStart(2, "0").split("");
  return digits
    .map((digit, depth) => `${["src", "lib", "part", "unit", "piece"][depth % 5]}-${digit}`)
    .join("/");
}

/** @param {Buffer} text @param {number} index @param {number} size @param {() => number} random */
function contentOf(text, index, size, random) {
  const content = Buffer.allocUnsafe(size);
  for (let at = 0; at < size; ) {
    const from = Math.floor(random() * (text.length - 4096));
    at += text.copy(content, at, from, from + Math.min(4096, size - at));
  }
  content.write(`// file ${index}\n`, 0, "latin1");
  return content;
}

/** Words as in code: few that are frequent, many that are rare. @param {() => number} random */
function textOf(random) {
  const word = () =>
    Array.from({ length: 2 + Math.floor(random() * 9) }, () =>
      String.fromCharCode(97 + Math.floor(26 * random() ** 1.6)),
    ).join("");
  const words = Array.from({ length: 6000 }, word);
  const between = [" ", " ", " ", ".", "(", ") ", ", ", " = ", ";\n  ", ";\n    ", " {\n  ", "}\n", ": "];
  const parts = [];
  for (let length = 0; length < TEXT; ) {
    const part =
      /** @type {string} */ (words[Math.floor(words.length * random() ** 3)]) +
      between[Math.floor(between.length * random())];
    parts.push(part);
    length += part.length;
  }
  return Buffer.from(parts.join("").slice(0, TEXT));
}

/** From the standard normal distribution. @param {() => number} random */
function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** mulberry32: from 0 to 1, the same for the same seed. @param {number} seed */
function randomOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
