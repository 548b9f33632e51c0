// A session's record from its begin to its end, as a program of its own that can be made to fail or be killed. What it was
// promised to be on the disk it tells on standard output. What comes before the marker is not part of it.

import fs from "node:fs";
import { openAudit } from "../../src/audit/audit-store.ts";

const [directory = ""] = process.argv.slice(2);
const store = openAudit(`${directory}/audit`);
fs.existsSync("/nono-begins-here");

const promised = (what: string) => fs.writeSync(1, `${what}\n`);
const log = await store.begin("s-3", { command: ["true"] });
promised("start");
log.append({ kind: "denied", data: { path: "/one" } });
promised("/one");
await log.commit({ kind: "answered", data: { path: "/two" } });
promised("/two");
log.append({ kind: "denied", data: { path: "/three" } }, { kind: "denied", data: { path: "/four" } });
promised("/four");
await log.finish({ kind: "end", data: { exit_code: 0 } });
promised("end");
