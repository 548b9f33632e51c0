// flock(2): locks that end with the process that holds them, however it ends.

import { closeSync, constants } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { openRegular } from "../files/regular-file.ts";
import type { Addon } from "./addon.ts";
import { loadAddon } from "./locate.ts";

export type Lock = Readonly<{ release: () => void }>;

/** Milliseconds between two tries. */
const PAUSE = 20;

/** @returns undefined when somebody else holds it */
export function tryLock(addon: Addon, file: string, exclusive: boolean): Lock | undefined {
  const descriptor = openRegular(file, constants.O_RDWR | constants.O_CREAT);
  try {
    if (addon.lockFile(descriptor, exclusive)) return { release: () => closeSync(descriptor) };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  closeSync(descriptor);
  return undefined;
}

/** @param patience milliseconds to try for */
export async function waitForLock(
  addon: Addon,
  file: string,
  exclusive: boolean,
  patience: number,
): Promise<Lock | undefined> {
  for (const end = performance.now() + patience; ; ) {
    const lock = tryLock(addon, file, exclusive);
    if (lock !== undefined || performance.now() >= end) return lock;
    await setTimeout(PAUSE);
  }
}

/** The same, exclusively, for whoever has no addon at hand. */
export function lockFile(file: string, patience: number): Promise<Lock | undefined> {
  return waitForLock(loadAddon(), file, true, patience);
}
