// A directory of a test's own, gone at its end.

import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

export function makeTree(
  files: Readonly<Record<string, string>>,
): Disposable & { at: (name: string) => string } {
  const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), "nono-native-")));
  const at = (name: string) => path.join(root, name);
  for (const [name, content] of Object.entries(files)) writeFileSync(at(name), content);
  return { at, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}
