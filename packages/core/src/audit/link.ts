// How logs hold together: the first event of each names its number and keys, the log that began before it, and the last
// lines of those that have ended since.

import { sha256 } from "../hash/digest.ts";
import { canonicalJson, type Json, type JsonObject } from "./canonical.ts";
import { isLogBeginning, isLogEnd, type LogBeginning, type LogEnd } from "./head.ts";

/** `interrupted`: whoever recorded it was killed. `damaged`: lines behind `size` could not be read. `missing`: all. */
export type Sealed = LogEnd & Readonly<{ how: "ended" | "interrupted" | "damaged" | "missing" }>;

export type SessionLink = Readonly<{
  session: string;
  /** From 0, in the order in which sessions begin. */
  number: number;
  /** 32 bytes: of this session, and of the one with the next number. */
  key: Buffer;
  next: Buffer;
  /** Of the session with the number before. */
  before: LogBeginning | null;
  sealed: readonly Sealed[];
}>;

export function linkData({ key, next, ...link }: SessionLink): JsonObject {
  return { ...link, key: key.toString("base64"), next: next.toString("base64") };
}

/** What the first checkpoint says beside the tree, so that the link can be believed where the first line is gone. */
export function linkExtension(link: JsonObject): string {
  return `nono-link ${sha256(Buffer.from(canonicalJson(link))).toString("base64")}`;
}

/** @param data of a first event @returns undefined where it has no such link */
export function linkOf({ link }: JsonObject): SessionLink | undefined {
  if (!isObject(link)) return undefined;
  const { session, number, key, next, before, sealed } = link;
  const keys = [key, next].map(keyOfText);
  if (typeof session !== "string" || typeof number !== "number" || !keys.every((one) => one !== undefined))
    return undefined;
  if (before !== null && !isLogBeginning(before)) return undefined;
  if (!Array.isArray(sealed) || !sealed.every(isSealed)) return undefined;
  const [own, following] = keys as [Buffer, Buffer];
  return { session, number, key: own, next: following, before, sealed };
}

function keyOfText(text: Json | undefined): Buffer | undefined {
  const bytes = Buffer.from(typeof text === "string" ? text : "", "base64");
  return bytes.length === 32 && bytes.toString("base64") === text ? bytes : undefined;
}

const HOW: readonly unknown[] = ["ended", "interrupted", "damaged", "missing"];

function isSealed(value: unknown): value is Sealed {
  return isObject(value) && HOW.includes(value.how) && isLogEnd(value);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
