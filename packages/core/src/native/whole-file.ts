// Whether a native file is all there and made for this processor, before anything is loaded from it: what is missing at the
// end of a library that is loaded ends the process by a signal, without a word. Source: elf(5).

import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { bytesOf } from "../text/bytes.ts";

/** e_machine */
const MACHINES: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };

const HEADER = 64;

/** What is wrong with it, for people; undefined: nothing that can be seen. Elsewhere than on Linux nothing is looked at. */
export function flawOf(file: string): string | undefined {
  if (process.platform !== "linux") return undefined;
  const descriptor = openSync(bytesOf(file), "r");
  try {
    const header = Buffer.alloc(HEADER);
    const length = readSync(descriptor, header, 0, HEADER, 0);
    return flawIn(header.subarray(0, length), fstatSync(descriptor).size, process.arch);
  } finally {
    closeSync(descriptor);
  }
}

/** @param size of the whole file, in bytes */
export function flawIn(header: Buffer, size: number, arch: string): string | undefined {
  if (header.length < HEADER || header.readUInt32BE(0) !== 0x7f454c46) return "it is no executable of Linux";
  const wanted = MACHINES[arch];
  if (header[4] !== 2 || header[5] !== 1 || (wanted !== undefined && header.readUInt16LE(18) !== wanted))
    return "it is made for another processor";
  // The table of sections is the last thing in a file that a linker writes.
  const [offset, entry, count] = [
    header.readBigUInt64LE(40),
    header.readUInt16LE(58),
    header.readUInt16LE(60),
  ];
  return offset + BigInt(entry * count) > BigInt(size) ? "its end is missing" : undefined;
}
