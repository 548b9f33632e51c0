// The beginning of a log: its link, and the checkpoint by which its own key has signed it. Enough to believe the link where
// the log is not at hand.

import { hex } from "../hash/digest.ts";
import type { Json, JsonObject } from "./canonical.ts";
import { originOf, parseCheckpoint } from "./checkpoint.ts";
import { decodeLine } from "./line.ts";
import { linkData, linkExtension, linkOf, type SessionLink } from "./link.ts";
import { readLines } from "./read-log.ts";
import { isSigned, parseNote } from "./signed-note.ts";

/** `first`: the root of the first line alone. `begun`: the checkpoint of it, as a signed note. */
export type Beginning = Readonly<{ link: SessionLink; first: string; begun: string }>;

/** Of the first two lines, as they stand there. @throws the file system's own error */
export function beginningOf(file: string): Beginning | undefined {
  let start: JsonObject | undefined;
  for (const line of readLines(file)) {
    const data = decodeLine(line)?.data;
    if (start !== undefined) return beginningFrom(start, data?.note);
    if (data === undefined) return undefined;
    start = data;
  }
  return undefined;
}

/** @param start data of a first event. Whether it can be believed is for `isBegunBy` */
export function beginningFrom(start: JsonObject, begun: Json | undefined): Beginning | undefined {
  const link = linkOf(start);
  const root = typeof begun === "string" ? parseCheckpoint(begun)?.root : undefined;
  if (link === undefined || typeof begun !== "string" || root === undefined) return undefined;
  return { link, first: hex(root), begun };
}

/** Whether its own key has signed its link: otherwise whoever has a later key could say anything of the keys before. */
export function isBegunBy({ link, first, begun }: Beginning): boolean {
  const [note, checkpoint] = [parseNote(begun), parseCheckpoint(begun)];
  if (note === undefined || checkpoint === undefined) return false;
  const { origin, size, root, extensions = [] } = checkpoint;
  const isOf = origin === originOf(link.session) && size === 1 && hex(root) === first;
  return (
    isOf && extensions[0] === linkExtension(linkData(link)) && isSigned(note, { name: origin, key: link.key })
  );
}
