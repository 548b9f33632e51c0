// On a file system that can share contents between files, a snapshot of a large file takes no room of its own.

import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import { expect } from "vitest";
import { applyRestore, prepareRestore } from "../src/snapshot/restore.ts";
import { openSnapshots } from "../src/snapshot/snapshot-store.ts";
import { verifySession } from "../src/snapshot/verify.ts";
import { canMountBtrfs, onBtrfs } from "./support/btrfs.ts";
import { itWhere } from "./support/requires.ts";

const MEGABYTE = 1 << 20;

/** Bytes of a file system that are in use, when all of it is on the disk. */
function usedOn(disk: string): number {
  execFileSync("sync", ["-f", disk]);
  const { blocks, bfree, bsize } = fs.statfsSync(disk);
  return (blocks - bfree) * bsize;
}

itWhere(canMountBtrfs, "a btrfs that may be mounted")(
  "a snapshot shares what it keeps with the file, and keeps it when the file changes",
  () =>
    onBtrfs(async (disk) => {
      const [file, content] = [`${disk}/work/large`, randomBytes(16 * MEGABYTE)];
      fs.mkdirSync(`${disk}/work`);
      fs.writeFileSync(file, content);
      const before = usedOn(disk);
      const store = openSnapshots(`${disk}/store`);
      const session = store.create("s", [`${disk}/work`], { exclude: [], include: [] });
      await session.take("baseline");
      expect(usedOn(disk) - before).toBeLessThan(4 * MEGABYTE);

      fs.writeFileSync(file, randomBytes(MEGABYTE), { flag: "r+" });
      await session.take("final");
      expect(usedOn(disk) - before).toBeGreaterThanOrEqual(MEGABYTE);
      expect(verifySession(store.objects, store.look("s")).damages).toEqual([]);
      await applyRestore(session, await prepareRestore(session, { to: 0 }));
      expect(fs.readFileSync(file).equals(content)).toBe(true);
      session.close();
      store.close();
    }),
);
