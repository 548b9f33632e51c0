// What is kept of a log that was removed: enough for the chain to lead past it. It stands in the log of whoever removed it,
// and so is signed.

import { isDigest } from "../hash/digest.ts";
import type { Json, JsonObject } from "./canonical.ts";
import type { LogReport } from "./check-log.ts";
import type { LogEnd } from "./head.ts";
import { isSealed, type Sealed } from "./link.ts";

/** `first`: the root of its first line alone. Keys are 32 bytes. `sealed`: what it said of others. */
export type Removed = LogEnd &
  Readonly<{ number: number; first: string; key: Buffer; next: Buffer; sealed: readonly Sealed[] }>;

/** The kind of the events that hold such lists. */
export const REMOVED = "removed";

/** `purpose` in the first event of a log that holds them. */
export const CLEANUP = "cleanup";

/** @throws TypeError for a log whose first line cannot be believed */
export function removedOf({ end, link, first }: LogReport): Removed {
  if (link === undefined || first === undefined) throw new TypeError(`${end.session} has no first line`);
  return { ...end, number: link.number, first, key: link.key, next: link.next, sealed: link.sealed };
}

export function removedData(list: readonly Removed[]): JsonObject {
  return {
    sessions: list.map(({ key, next, ...one }) => ({
      ...one,
      key: key.toString("base64"),
      next: next.toString("base64"),
    })),
  };
}

/** Those of an event's data that have the form. */
export function parseRemoved({ sessions }: JsonObject): readonly Removed[] {
  return Array.isArray(sessions) ? (sessions as readonly Json[]).flatMap(oneOf) : [];
}

function oneOf(value: Json): readonly Removed[] {
  const { session, number, size, root, first, key, next, sealed } = (value ?? {}) as JsonObject;
  if (typeof session !== "string" || typeof number !== "number" || typeof size !== "number") return [];
  if (!Array.isArray(sealed) || !sealed.every(isSealed)) return [];
  if (!isDigest(root) || !isDigest(first) || typeof key !== "string" || typeof next !== "string") return [];
  const [own, following] = [Buffer.from(key, "base64"), Buffer.from(next, "base64")];
  return [{ session, number, size, root, first, key: own, next: following, sealed }];
}
