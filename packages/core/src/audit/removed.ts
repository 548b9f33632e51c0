// What is kept of a log that was removed: enough for the chain to lead past it. It stands in the log of whoever removed it,
// and so is signed by them; its link is signed by its own key, too, which nobody has any more.

import { isDigest } from "../hash/digest.ts";
import type { Json, JsonObject } from "./canonical.ts";
import type { LogReport } from "./check-log.ts";
import { originOf, parseCheckpoint } from "./checkpoint.ts";
import type { LogEnd } from "./head.ts";
import { linkData, linkExtension, linkOf, type SessionLink } from "./link.ts";
import { isSigned, parseNote } from "./signed-note.ts";

/** `first`: the root of its first line alone. `begun`: the checkpoint of it, as a signed note. */
export type Removed = LogEnd & Readonly<{ first: string; link: SessionLink; begun: string }>;

/** The kind of the events that hold such lists. */
export const REMOVED = "removed";

/** `purpose` in the first event of a log that holds them. */
export const CLEANUP = "cleanup";

/** @returns undefined for a log whose beginning cannot be believed */
export function removedOf({ end, link, first, begun }: LogReport): Removed | undefined {
  if (link === undefined || first === undefined || begun === undefined) return undefined;
  return { ...end, first, link, begun };
}

export function removedData(list: readonly Removed[]): JsonObject {
  return { sessions: list.map(({ link, ...one }) => ({ ...one, link: linkData(link) })) };
}

/** Those of an event's data that have the form. */
export function parseRemoved({ sessions }: JsonObject): readonly Removed[] {
  return Array.isArray(sessions) ? (sessions as readonly Json[]).flatMap(oneOf) : [];
}

function oneOf(value: Json): readonly Removed[] {
  const data = (value ?? {}) as JsonObject;
  const { session, size, root, first, begun } = data;
  const link = linkOf(data);
  if (link === undefined || link.session !== session) return [];
  if (typeof size !== "number" || !isDigest(root) || !isDigest(first) || typeof begun !== "string") return [];
  return [{ session, size, root, first, link, begun }];
}

/** Whether its own key has signed its link: otherwise whoever has a later key could say anything of the keys before. */
export function hasOwnLink({ session, first, link, begun }: Removed): boolean {
  const [note, checkpoint] = [parseNote(begun), parseCheckpoint(begun)];
  if (note === undefined || checkpoint === undefined) return false;
  const { origin, size, root, extensions = [] } = checkpoint;
  const isOf = origin === originOf(session) && size === 1 && root.toString("hex") === first;
  return (
    isOf && extensions[0] === linkExtension(linkData(link)) && isSigned(note, { name: origin, key: link.key })
  );
}
