// Stores a secret in a file store, as a program of its own that can be made to fail or be killed. What was promised it
// tells on standard output. What comes before the marker is not part of it.

import fs from "node:fs";
import { fileStore, SecretBytes } from "../../src/index.ts";

const [file = "", ...names] = process.argv.slice(2);
const key = async () => new SecretBytes(Buffer.from("correct horse battery staple"), "the key");
const store = fileStore(file, { method: "key-file", ask: key });
await store.get("warm");
fs.existsSync("/nono-begins-here");
for (const name of names) {
  await store.set(name, new SecretBytes(Buffer.from(`value of ${name}`), name));
  fs.writeSync(1, `${name}\n`);
}
