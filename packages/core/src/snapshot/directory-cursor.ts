// Directories below one that is held open, reached name by name and never through a link: what an agent put in the
// place of a directory leads nowhere.

import { closeSync, constants } from "node:fs";
import type { Addon } from "../native/addon.ts";
import { bytesOf } from "../text/bytes.ts";

/** Missing in node:fs: open(2), fcntl.h. Enough to go on from, also where the directory may not be listed. */
const O_PATH = 0o10000000;
const DIRECTORY = O_PATH | constants.O_DIRECTORY;

type Step = Readonly<{ name: string; descriptor: number }>;

export class DirectoryCursor {
  private readonly addon: Addon;
  private readonly steps: Step[] = [];
  private path: string | undefined;

  constructor(addon: Addon) {
    this.addon = addon;
  }

  /**
   * Keeps the way to the last directory open, so that neighbours are cheap.
   *
   * @param path absolute, without `.` and `..`
   * @returns a descriptor (O_PATH) that lasts until the next call
   * @throws NativeFailure ENOENT, ENOTDIR or ELOOP for a link or a file in the place of a directory, EACCES
   */
  at(path: string): number {
    if (path === this.path) return this.last();
    this.path = undefined;
    const names = path.split("/").filter((name) => name !== "");
    let kept = 0;
    while (kept < names.length && this.steps[kept + 1]?.name === names[kept]) kept += 1;
    this.closeFrom(Math.min(kept + 1, this.steps.length));
    if (this.steps.length === 0) this.push("/", this.addon.openFile(0, Buffer.from("/"), DIRECTORY, 0));
    for (const name of names.slice(kept))
      this.push(name, this.addon.openFile(this.last(), bytesOf(name), DIRECTORY, 0));
    this.path = path;
    return this.last();
  }

  private push(name: string, descriptor: number): void {
    this.steps.push({ name, descriptor });
  }

  private last(): number {
    return (this.steps[this.steps.length - 1] as Step).descriptor;
  }

  private closeFrom(index: number): void {
    for (const { descriptor } of this.steps.splice(index)) closeSync(descriptor);
  }

  /** From then on every directory is looked up again. */
  close(): void {
    this.path = undefined;
    this.closeFrom(0);
  }
}
