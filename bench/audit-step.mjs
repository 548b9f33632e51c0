// A record of many events, appended as a program of its own, with Bun, which the executable is made with. Prints how many
// events a second were on the disk.
//
//   audit-step.mjs DIRECTORY EVENTS BATCH

import path from "node:path";
import { pathToFileURL } from "node:url";

const library = path.join(import.meta.dirname, "../packages/core/dist/index.js");
const { openAudit } = await import(pathToFileURL(library).href);

const [directory = "", events, batch] = process.argv.slice(2);
/** Every so many batches it is waited for the disk: the rest only has to be in the file. */
const DURABLE = 100;

const log = await openAudit(directory).begin("20260101-000000-1", { purpose: "session", command: ["bench"] });
let durable = 0;
let durableMs = 0;
for (let n = 0, turn = 0; n < Number(events); n += Number(batch), turn++) {
  const entries = Array.from({ length: Number(batch) }, (_, index) => entryOf(n + index));
  const began = performance.now();
  log.append(...entries);
  if (turn % DURABLE !== 0) continue;
  await log.sync();
  durable += entries.length;
  durableMs += performance.now() - began;
}
await log.sync();
await log.finish({ kind: "end", data: { exit_code: 0 } });
console.log(Math.round((durable / durableMs) * 1000));

/** As a compiler is recorded. @param {number} n */
function entryOf(n) {
  const command = [
    "/usr/lib/cc1",
    "-quiet",
    "-imultiarch",
    "x86_64-linux-gnu",
    `file${n}.c`,
    "-o",
    "/tmp/a.s",
  ];
  const process = { pid: 1000 + (n % 30_000), parent: 999 };
  return {
    kind: "executed",
    data: { command, cwd: "/home/user/project/src", path: "/usr/lib/cc1", process },
  };
}
