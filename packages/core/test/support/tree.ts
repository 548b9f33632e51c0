// A directory of files that is gone at the end of the test.

import fs from "node:fs";
import os from "node:os";
import path from "node:path";

export type TestTree = Readonly<{
  root: string;
  at: (...parts: string[]) => string;
  read: (file: string) => string;
  [Symbol.asyncDispose]: () => Promise<void>;
}>;

/** Where writing costs no disk, for tests that wait for what they write to be safe on it; or any other place. */
export const IN_MEMORY = fs.existsSync("/dev/shm") ? "/dev/shm" : os.tmpdir();

/** Whether what lies there is on no disk. */
export const isInMemory = (directory: string) => fs.statfsSync(directory).type === 0x01021994; // TMPFS_MAGIC, linux/magic.h

/** `files`: contents by relative path; a name that ends in `/` is an empty directory. */
export async function makeTree(
  files: Readonly<Record<string, string>> = {},
  place: string = os.tmpdir(),
): Promise<TestTree> {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(place, "nono-test-")));
  const at = (...parts: string[]) => path.join(root, ...parts);
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(at(name)), { recursive: true });
    if (name.endsWith("/")) fs.mkdirSync(at(name), { recursive: true });
    else fs.writeFileSync(at(name), content);
  }
  return {
    root,
    at,
    read: (file) => fs.readFileSync(at(file), "utf8"),
    [Symbol.asyncDispose]: () => fs.promises.rm(root, { recursive: true, force: true, maxRetries: 3 }),
  };
}
