// What a supervisor looks up, as the bytes that its threads read: the format is told in packages/native/include/supervise.h.

import { NonoError } from "../error.ts";
import type { Supervision } from "../plan/supervision.ts";
import { Writer } from "../plan/writer.ts";

export type TableLimits = Readonly<{
  /** Most requests that wait for an answer at once; more are refused. */
  waiting: number;
  /** How long one may wait, in milliseconds; 0: as long as it takes. */
  deadline: number;
  /** Whether what goes on without a question is noted. */
  notes: boolean;
  /** Whether the launcher waits until it is let go. */
  held: boolean;
}>;

/** From supervise.h. */
const TABLE_VERSION = 2;
const LENGTH_MAX = 64 << 20;
const FLAGS = { internet: 1, abstractSockets: 2, notes: 4, held: 8 };
const VERIFY = 1;
const LOADER = 1;

/** @throws NonoError `plan-too-large`, `invalid-text` */
export function encodeTable(supervision: Supervision, limits: TableLimits): Buffer {
  const { paths, splits, patterns, executables } = supervision;
  const body = new Writer();
  body.u32(flagsOf(supervision, limits));
  body.u32(limits.waiting).u32(limits.deadline);
  for (const part of [paths, splits, patterns, executables]) body.u32(part.length);
  for (const { path, native, behalf, denied, verify } of paths)
    body
      .u64(native)
      .u64(behalf)
      .u64(denied)
      .u32(verify ? VERIFY : 0)
      .text("path", path);
  for (const { directory, files, directories, leftOut } of splits) {
    body.u64(files).u64(directories).text("path", directory).u32(leftOut.length);
    for (const name of leftOut) body.text("path", name);
  }
  for (const { directory, name, rights } of patterns)
    body.u64(rights).text("directory", directory).text("name", name);
  for (const { path, loader } of executables) body.u32(loader ? LOADER : 0).text("executable", path);

  const length = 16 + body.length;
  if (length > LENGTH_MAX)
    throw new NonoError({
      code: "plan-too-large",
      part: "the supervisor's table",
      size: length,
      limit: LENGTH_MAX,
    });
  const head = new Writer().raw(Buffer.from("NONOSUPV")).u32(TABLE_VERSION).u32(length);
  return Buffer.concat([head.bytes(), body.bytes()]);
}

function flagsOf({ internet, abstractSockets }: Supervision, { notes, held }: TableLimits): number {
  return (
    (internet ? FLAGS.internet : 0) |
    (abstractSockets ? FLAGS.abstractSockets : 0) |
    (notes ? FLAGS.notes : 0) |
    (held ? FLAGS.held : 0)
  );
}
