// What is kept of a log that was removed: enough for the chain to lead past it. It stands in the log of whoever removed it,
// and so is signed by them; its link is signed by its own key, too, which nobody has any more.

import { isDigest } from "../hash/digest.ts";
import type { Beginning } from "./beginning.ts";
import type { Json, JsonObject } from "./canonical.ts";
import type { LogReport } from "./check-log.ts";
import type { LogEnd } from "./head.ts";
import { linkData, linkOf } from "./link.ts";

export type Removed = LogEnd & Beginning;

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
