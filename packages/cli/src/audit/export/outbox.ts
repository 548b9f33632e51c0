// What a collector is to have and does not have yet. It survives a restart: what is sent stands in the record, and an entry
// says how much of it arrived.

import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { bytesOf } from "nono-ts";
import { compareSessions, digestOf, readRegular, writeDurably } from "nono-ts/internal";
import type { Protocol } from "./collector.ts";

export type OutboxEntry = Readonly<{
  session: string;
  /** Without secrets: those are in headers, which are not kept. */
  url: string;
  protocol: Protocol;
  /** The first event that it does not have. */
  next: number;
}>;

export class Outbox {
  readonly #directory: string;

  /** @param directory absolute; made with the first entry, for the owner only */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The one there is already, if there is one. On the disk when it returns. @throws the file system's own error */
  add(wanted: Omit<OutboxEntry, "next">): OutboxEntry {
    const found = this.entries().find(({ session, url }) => session === wanted.session && url === wanted.url);
    const entry = { ...wanted, next: found?.next ?? 0 };
    mkdirSync(bytesOf(this.#directory), { recursive: true, mode: 0o700 });
    this.update(entry);
    return entry;
  }

  /** On the disk when it returns. */
  update(entry: OutboxEntry): void {
    writeDurably(this.#fileOf(entry), `${JSON.stringify({ format: 1, ...entry })}\n`);
  }

  remove(entry: OutboxEntry): void {
    rmSync(bytesOf(this.#fileOf(entry)), { force: true });
  }

  /** By session, the oldest first; what is none is passed over. */
  entries(): readonly OutboxEntry[] {
    if (!existsSync(bytesOf(this.#directory))) return [];
    return readdirSync(bytesOf(this.#directory))
      .filter((name) => name.endsWith(".json") && !name.startsWith("."))
      .sort(compareSessions)
      .flatMap((name) => entryIn(readRegular(`${this.#directory}/${name}`).toString()));
  }

  #fileOf({ session, url }: OutboxEntry): string {
    const place = digestOf(Buffer.from(url)).slice(0, 16);
    return `${this.#directory}/${session}.${place}.json`;
  }
}

function entryIn(text: string): readonly OutboxEntry[] {
  try {
    const { format, session, url, protocol, next } = JSON.parse(text);
    const known = protocol === "http/protobuf" || protocol === "http/json";
    return format === 1 && known && Number.isSafeInteger(next) ? [{ session, url, protocol, next }] : [];
  } catch {
    return [];
  }
}
