// A Btrfs of a test's own.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { makeTree } from "./tree.ts";

const MEGABYTE = 1 << 20;

/** A Btrfs in a file, for as long as `use` lasts. Who owns a subvolume may remove it. */
export async function onBtrfs(use: (directory: string) => Promise<void>): Promise<void> {
  await using tree = await makeTree({ "disk/": "" });
  const [image, disk] = [tree.at("image"), tree.at("disk")];
  fs.closeSync(fs.openSync(image, "w"));
  fs.truncateSync(image, 150 * MEGABYTE);
  execFileSync("mkfs.btrfs", ["-q", image], { stdio: "ignore" });
  execFileSync("mount", ["-o", "loop,user_subvol_rm_allowed", image, disk], { stdio: "ignore" });
  try {
    await use(disk);
  } finally {
    execFileSync("umount", ["--lazy", disk]);
  }
}

export const canMountBtrfs: boolean = await onBtrfs(async () => undefined).then(
  () => true,
  () => false,
);
