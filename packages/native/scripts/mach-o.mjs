// What is in a file for macOS, as far as it has to be right before anybody with a Mac sees it. Sources: mach-o/loader.h,
// mach-o/nlist.h and kern/cs_blobs.h of Apple's kernel.

import { createHash } from "node:crypto";

const MAGIC_64 = 0xfeedfacf;
const CPU = { x64: 0x01000007, arm64: 0x0100000c };
const TYPE = { program: 2, library: 6 }; // MH_EXECUTE, MH_DYLIB
const COMMAND = { segment: 0x19, symbols: 2, library: 12, signature: 0x1d, version: 0x32 };
const SIGNATURE = { superBlob: 0xfade0cc0, directory: 0xfade0c02, adhoc: 2, sha256: 2 };
const UNDEFINED_EXTERNAL = 1;
const LIBSYSTEM = 1;

/**
 * @typedef {Readonly<{
 *   cpu: number,
 *   type: number,
 *   oldest: string,
 *   libraries: readonly string[],
 *   imports: readonly Readonly<{ name: string, library: number }>[],
 *   signature: Readonly<{ offset: number, size: number }> | undefined,
 * }>} MachO `library`: counted from 1; what the program has that loads it has none
 */

/**
 * @param {Buffer} bytes
 * @returns {MachO}
 * @throws Error for anything that is no 64-bit Mach-O file
 */
export function readMachO(bytes) {
  if (bytes.length < 32 || bytes.readUInt32LE(0) !== MAGIC_64) throw new Error("not a Mach-O file");
  let [at, oldest] = [32, "none"];
  /** @type {string[]} */
  const libraries = [];
  /** @type {{ name: string, library: number }[]} */
  let imports = [];
  let signature;
  for (let left = bytes.readUInt32LE(16); left > 0; left--) {
    const [command, size] = [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4)];
    const word = (/** @type {number} */ index) => bytes.readUInt32LE(at + 4 * index);
    if (command === COMMAND.library) libraries.push(text(bytes, at + word(2)));
    if (command === COMMAND.version) oldest = `${word(3) >>> 16}.${(word(3) >>> 8) & 0xff}`;
    if (command === COMMAND.signature) signature = { offset: word(2), size: word(3) };
    if (command === COMMAND.symbols) imports = importsOf(bytes, word(2), word(3), word(4));
    at += size;
  }
  const [cpu, type] = [bytes.readUInt32LE(4), bytes.readUInt32LE(12)];
  return { cpu, type, oldest, libraries, imports, signature };
}

/**
 * @param {Buffer} bytes
 * @param {Readonly<{ cpu: "x64" | "arm64", kind: "program" | "library", oldest: string }>} wanted
 * @returns {readonly string[]} nothing, if it is as it should be
 */
export function problemsOf(bytes, { cpu, kind, oldest }) {
  const file = readMachO(bytes);
  const foreign = file.imports
    .filter(({ name, library }) => library !== LIBSYSTEM && !/^_napi_/.test(name))
    .map(({ name }) => name);
  const others = file.libraries.filter((name) => name !== "/usr/lib/libSystem.B.dylib");
  return [
    ...(file.cpu === CPU[cpu] ? [] : [`it is for another processor (${file.cpu.toString(16)})`]),
    ...(file.type === TYPE[kind] ? [] : [`it is no ${kind}`]),
    ...(file.oldest === oldest ? [] : [`it is for macOS ${file.oldest} on, not ${oldest}`]),
    ...(others.length === 0 ? [] : [`it needs ${others.join(", ")}`]),
    ...(foreign.length === 0 ? [] : [`nobody has ${foreign.join(", ")}`]),
    ...(file.imports.some(({ name }) => name === "_sandbox_init") ? [] : ["it makes no sandbox"]),
    ...(cpu === "arm64" ? signatureProblems(bytes, file) : []),
  ];
}

/**
 * Whether the pages are those that were signed: an arm64 Mac starts nothing else.
 *
 * @param {Buffer} bytes
 * @param {MachO} file
 * @returns {readonly string[]}
 */
export function signatureProblems(bytes, { signature }) {
  const directory = signature && directoryOf(bytes, signature.offset);
  if (directory === undefined) return ["it is not signed"];
  if (!(directory.flags & SIGNATURE.adhoc)) return ["its signature is somebody's own"];
  if (directory.hashType !== SIGNATURE.sha256) return [`its hashes are of type ${directory.hashType}`];
  const wrong = directory.pages.filter(
    ({ start, end, slot }) => !hashOf(bytes, start, end).equals(bytes.subarray(slot, slot + 32)),
  );
  return wrong.length === 0 ? [] : [`${wrong.length} of ${directory.pages.length} pages are not as signed`];
}

/**
 * Puts the hashes of the pages as they are now into an ad-hoc signature.
 *
 * @param {Buffer} bytes changed in place
 * @throws Error where there is none
 */
export function signAgain(bytes) {
  const { signature } = readMachO(bytes);
  const directory = signature && directoryOf(bytes, signature.offset);
  if (!directory || !(directory.flags & SIGNATURE.adhoc) || directory.hashType !== SIGNATURE.sha256)
    throw new Error("there is no ad-hoc signature of SHA-256 to renew");
  for (const { start, end, slot } of directory.pages) hashOf(bytes, start, end).copy(bytes, slot);
}

/**
 * Without the signature: one that is not of these pages is worse than none, which Intel's Macs do not ask for.
 *
 * @param {Buffer} bytes changed in place
 * @returns {Buffer} what is left of them
 * @throws Error where the signature is not the last of everything, as a linker leaves it
 */
export function withoutSignature(bytes) {
  const { signature } = readMachO(bytes);
  const [count, size] = [bytes.readUInt32LE(16), bytes.readUInt32LE(20)];
  const last = 32 + size - 16;
  if (!signature || bytes.readUInt32LE(last) !== COMMAND.signature)
    throw new Error("no signature to take away");
  const segment = segmentNamed(bytes, "__LINKEDIT");
  const start = Number(bytes.readBigUInt64LE(segment + 40));
  if (signature.offset + signature.size !== bytes.length || start > signature.offset)
    throw new Error("something lies behind the signature");
  bytes.writeBigUInt64LE(BigInt(signature.offset - start), segment + 48);
  bytes.writeUInt32LE(count - 1, 16);
  bytes.writeUInt32LE(size - 16, 20);
  bytes.fill(0, last, last + 16);
  return bytes.subarray(0, signature.offset);
}

/** @param {Buffer} bytes @param {string} name @returns {number} where its command is */
function segmentNamed(bytes, name) {
  let at = 32;
  for (let left = bytes.readUInt32LE(16); left > 0; left--) {
    if (bytes.readUInt32LE(at) === COMMAND.segment && text(bytes, at + 8) === name) return at;
    at += bytes.readUInt32LE(at + 4);
  }
  throw new Error(`no segment ${name}`);
}

/** @param {Buffer} bytes @param {number} offset of the signature */
function directoryOf(bytes, offset) {
  if (bytes.readUInt32BE(offset) !== SIGNATURE.superBlob) return undefined;
  for (let index = 0; index < bytes.readUInt32BE(offset + 8); index++) {
    const at = offset + bytes.readUInt32BE(offset + 12 + 8 * index + 4);
    if (bytes.readUInt32BE(at) === SIGNATURE.directory) return readDirectory(bytes, at);
  }
  return undefined;
}

/** @param {Buffer} bytes @param {number} at */
function readDirectory(bytes, at) {
  const word = (/** @type {number} */ offset) => bytes.readUInt32BE(at + offset);
  const [flags, hashes, count, limit] = [word(12), word(16), word(28), word(32)];
  const [hashSize, hashType, pageSize] = [
    bytes[at + 36] ?? 0,
    bytes[at + 37] ?? 0,
    1 << (bytes[at + 39] ?? 0),
  ];
  const pages = Array.from({ length: count }, (_, index) => ({
    start: index * pageSize,
    end: Math.min((index + 1) * pageSize, limit),
    slot: at + hashes + index * hashSize,
  }));
  return { flags, hashType, pages };
}

/** @param {Buffer} bytes @param {number} start @param {number} end */
function hashOf(bytes, start, end) {
  return createHash("sha256").update(bytes.subarray(start, end)).digest();
}

/** @param {Buffer} bytes @param {number} table @param {number} count @param {number} names */
function importsOf(bytes, table, count, names) {
  const imports = [];
  for (let at = table; at < table + 16 * count; at += 16) {
    if (bytes[at + 4] !== UNDEFINED_EXTERNAL) continue;
    imports.push({ name: text(bytes, names + bytes.readUInt32LE(at)), library: bytes[at + 7] ?? 0 });
  }
  return imports;
}

/** @param {Buffer} bytes @param {number} at */
function text(bytes, at) {
  return bytes.toString("latin1", at, bytes.indexOf(0, at));
}
