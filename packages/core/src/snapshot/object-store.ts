// Contents by their digest: small ones in packs, large ones as files of their own. Every read is checked.

import { closeSync, constants, readdirSync, readSync, writeSync } from "node:fs";
import { NonoError } from "../error.ts";
import { isThere } from "../files/is-there.ts";
import { baseNameOf } from "../files/path-names.ts";
import { openRegular } from "../files/regular-file.ts";
import { type Digest, startSha256 } from "../hash/digest.ts";
import { loadAddon } from "../native/locate.ts";
import { fileName } from "../text/bytes.ts";
import type { Stretch } from "./entry.ts";
import { ObjectIndex } from "./object-index.ts";
import { type Location, Pack } from "./pack.ts";
import { objectFile, type StoreLayout } from "./store-layout.ts";

/** Bytes read at once. */
const CHUNK = 1 << 20;

export class ObjectStore {
  readonly layout: StoreLayout;
  private packs: Pack[] | undefined;
  private indexed: ObjectIndex<Pack> | undefined;

  constructor(layout: StoreLayout) {
    this.layout = layout;
  }

  /** @throws NonoError `store-damaged` */
  openPacks(): readonly Pack[] {
    this.packs ??= this.packFiles().map((file) => new Pack(file));
    return this.packs;
  }

  packFiles(): string[] {
    return readdirSync(fileName(this.layout.packs))
      .filter((name) => name.endsWith(".pack"))
      .sort()
      .map((name) => `${this.layout.packs}/${name}`);
  }

  /** Packs are looked for again: others may have written some. */
  refresh(): void {
    this.close();
  }

  close(): void {
    for (const pack of this.packs ?? []) pack.close();
    this.packs = undefined;
    this.indexed = undefined;
  }

  has(digest: Digest): boolean {
    return this.hasPacked(digest) || this.isLoose(digest);
  }

  /** Enough for a small content, and no system call. */
  hasPacked(digest: Digest): boolean {
    return this.index().find(digest) !== undefined;
  }

  /** The name of the first pack that has it. */
  packOf(digest: Digest): string | undefined {
    const found = this.index().find(digest);
    return found === undefined ? undefined : baseNameOf(found.pack.file);
  }

  /** A pack is named by its content, and never written again. */
  hasPack(name: string): boolean {
    return isThere(`${this.layout.packs}/${name}`);
  }

  private index(): ObjectIndex<Pack> {
    this.indexed ??= new ObjectIndex(loadAddon(), this.openPacks());
    return this.indexed;
  }

  private isLoose(digest: Digest): boolean {
    return isThere(objectFile(this.layout, digest));
  }

  /** Of a small content, as long as nobody refreshes; undefined for any other. @throws NonoError `store-damaged` */
  locate(digest: Digest): Location | undefined {
    const found = this.index().find(digest);
    return found?.pack.locate(found.row);
  }

  /** @throws NonoError `object-missing`, `store-damaged` */
  read(digest: Digest): Buffer {
    const found = this.index().find(digest);
    if (found !== undefined) return found.pack.read(found.row);
    const parts: Buffer[] = [];
    this.readEach(digest, (bytes) => parts.push(Buffer.from(bytes)));
    return Buffer.concat(parts);
  }

  /**
   * The content piece by piece; whether it is the right one is known at the end.
   * @throws NonoError `object-missing`, `store-damaged`
   */
  readEach(digest: Digest, take: (bytes: Buffer) => void): void {
    if (this.readPacked(digest, take)) return;
    if (!this.isLoose(digest)) {
      this.refresh();
      if (this.readPacked(digest, take)) return;
      throw new NonoError({ code: "object-missing", digest });
    }
    this.readLoose(digest, take);
  }

  private readPacked(digest: Digest, take: (bytes: Buffer) => void): boolean {
    const found = this.index().find(digest);
    if (found !== undefined) take(found.pack.read(found.row));
    return found !== undefined;
  }

  private readLoose(digest: Digest, take: (bytes: Buffer) => void): void {
    const file = objectFile(this.layout, digest);
    const descriptor = openRegular(file, constants.O_RDONLY);
    try {
      const hash = startSha256();
      const room = Buffer.allocUnsafe(CHUNK);
      for (let length = readSync(descriptor, room); length > 0; length = readSync(descriptor, room)) {
        const bytes = room.subarray(0, length);
        hash.update(bytes);
        take(bytes);
      }
      if (hash.digest("hex") !== digest)
        throw new NonoError({ code: "store-damaged", file, reason: "its content was changed" });
    } finally {
      closeSync(descriptor);
    }
  }

  /**
   * Writes a content to an open file, which is nobody's file until this has returned.
   * @param stretches where its data belongs; undefined: all from the start
   */
  writeTo(digest: Digest, descriptor: number, stretches: readonly Stretch[] | undefined): void {
    const places = stretches?.map(([offset, length]) => ({ offset, length })) ?? [
      { offset: 0, length: Number.POSITIVE_INFINITY },
    ];
    this.readEach(digest, (bytes) => {
      for (let at = 0; at < bytes.length; ) {
        const place = places[0];
        if (place === undefined)
          throw new NonoError({ code: "store-damaged", file: digest, reason: "it is longer than its file" });
        const count = writeSync(
          descriptor,
          bytes,
          at,
          Math.min(bytes.length - at, place.length),
          place.offset,
        );
        at += count;
        place.offset += count;
        place.length -= count;
        if (place.length === 0) places.shift();
      }
    });
  }
}
