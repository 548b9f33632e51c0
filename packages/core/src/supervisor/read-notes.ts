// What went on without a question, from the bytes of supervise.h.

import type { CanonicalPath } from "../files/canonical-path.ts";
import { textOf } from "../text/bytes.ts";
import { type SocketAddress, socketAddressOf } from "./socket-address.ts";

/** As it was when it asked: it may have ended since. `parent`: 0 where it could not be read. */
export type ObservedProcess = Readonly<{ pid: number; thread: number; parent: number }>;

export type Observation =
  | Readonly<{
      kind: "executed";
      process: ObservedProcess;
      /** Links resolved; `undefined` for a file without a name, in memory or removed. */
      path: CanonicalPath | undefined;
      /** As the program named it, made absolute. */
      given: string | undefined;
      cwd: string | undefined;
      /** All of them. */
      arguments: readonly string[];
      /** Further arguments could not be read. */
      cut: boolean;
    }>
  /** By a grant, and once in a while: not for each datagram. */
  | Readonly<{
      kind: "reached";
      process: ObservedProcess;
      operation: "connect" | "send";
      path: CanonicalPath | undefined;
      address: SocketAddress;
    }>
  /** There was no memory for so many. */
  | Readonly<{ kind: "lost"; count: number }>;

/** `enum note_kind`, `enum note_flag` and others of supervise.h. */
const [EXECUTED, REACHED, LOST] = [1, 2, 3];
const CUT = 1;
const NONE = 0xffffffff;
const SEND = 17;

export function readNotes(bytes: Buffer): readonly Observation[] {
  const observations: Observation[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + bytes.readUInt32LE(at);
    const observation = readNote(new Cursor(bytes, at + 4));
    if (observation !== undefined) observations.push(observation);
    at = end;
  }
  return observations;
}

function readNote(note: Cursor): Observation | undefined {
  const [kind, thread, pid, parent, flags] = [note.u32(), note.u32(), note.u32(), note.u32(), note.u32()];
  const process = { pid: pid || thread, thread, parent };
  switch (kind) {
    case EXECUTED:
      return {
        kind: "executed",
        process,
        path: note.text() as CanonicalPath | undefined,
        given: note.text(),
        cwd: note.text(),
        arguments: Array.from({ length: note.u32() }, () => note.text() ?? ""),
        cut: (flags & CUT) !== 0,
      };
    case REACHED:
      return {
        kind: "reached",
        process,
        operation: note.u32() === SEND ? "send" : "connect",
        path: note.text() as CanonicalPath | undefined,
        address: socketAddressOf(note.bytes() ?? Buffer.alloc(0)),
      };
    case LOST:
      return { kind: "lost", count: thread };
    default:
      return undefined;
  }
}

class Cursor {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  u32(): number {
    const number = this.#bytes.readUInt32LE(this.#at);
    this.#at += 4;
    return number;
  }

  bytes(): Buffer | undefined {
    const length = this.u32();
    if (length === NONE) return undefined;
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  text(): string | undefined {
    const bytes = this.bytes();
    return bytes && textOf(bytes);
  }
}
