// Digests that earlier sessions made of large executables: agents weigh hundreds of megabytes, and reading those costs
// as much as a short run of one. A file is known by device, inode, size and both of its times, in ns; an agent cannot
// set the time of change. It is only remembered where no change can pass by that time:
//
// - on file systems that write back to a disk, whose kernel side follows writing through mapped memory as well,
// - when all of it was written back before it was read: a page that is written to afterwards sets the time anew,
// - when the time lies so far back that a change since would have got another one.
//
// The file is a hint and never the truth: with one byte of it changed it is as if there were none.

import { type BigIntStats, fstatSync, statfs } from "node:fs";
import { digestOf, readRegular, synced, writeDurably } from "nono-ts/internal";

/** Linux's include/uapi/linux/magic.h: ext2 to ext4, XFS, Btrfs. */
const FOLLOWED = new Set([0xef53, 0x58465342, 0x9123683e]);

/** Times of files go by the kernel's clock ticks. */
const SETTLED_NS = 2_000_000_000n;

/** Programs that one starts, in their versions. */
const ENTRIES_MAX = 64;

type Known = readonly (readonly [identity: string, sha256: string])[];

export class KnownDigests {
  readonly #file: string;
  readonly #now: () => number;

  /**
   * @param file absolute; made with the first digest, for the owner only
   * @param now ms since the epoch
   */
  constructor(file: string, now = Date.now) {
    this.#file = file;
    this.#now = now;
  }

  /** The digest of an open file: the known one, or what `read` gives, which is then kept if it may be. */
  async digest(descriptor: number, read: () => Promise<string | undefined>): Promise<string | undefined> {
    const before = fstatSync(descriptor, { bigint: true });
    const known = this.#load();
    const found = known.find(([identity]) => identity === identityOf(before));
    if (found !== undefined) return found[1];
    const lasting = this.#isSettled(before) && (await isFollowed(descriptor));
    const sha256 = await read();
    const same = identityOf(fstatSync(descriptor, { bigint: true })) === identityOf(before);
    if (sha256 !== undefined && lasting && same) this.#keep([[identityOf(before), sha256], ...known]);
    return sha256;
  }

  #isSettled({ ctimeNs }: BigIntStats): boolean {
    return ctimeNs + SETTLED_NS < BigInt(this.#now()) * 1_000_000n;
  }

  #load(): Known {
    try {
      const [digest, text = ""] = readRegular(this.#file).toString().split("\n");
      return digest === digestOf(Buffer.from(text)) ? (JSON.parse(text) as Known) : [];
    } catch {
      return [];
    }
  }

  #keep(known: Known): void {
    const text = JSON.stringify(known.slice(0, ENTRIES_MAX));
    try {
      writeDurably(this.#file, `${digestOf(Buffer.from(text))}\n${text}\n`);
    } catch {
      // The next session reads the executable again.
    }
  }
}

function identityOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(" ");
}

/** Whether later changes show in its times; then nothing of it waits to be written back. */
async function isFollowed(descriptor: number): Promise<boolean> {
  try {
    if (!FOLLOWED.has(await kindOfFileSystem(descriptor))) return false;
    await synced(descriptor);
    return true;
  } catch {
    return false;
  }
}

function kindOfFileSystem(descriptor: number): Promise<number> {
  return new Promise((resolve, reject) => {
    statfs(`/proc/self/fd/${descriptor}`, (error, { type }) =>
      error === null ? resolve(type) : reject(error),
    );
  });
}
