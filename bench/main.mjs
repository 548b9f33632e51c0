// npm run bench -- start | profile-start | supervise | snapshot | audit
//
//   start           starts the same static command under nono and its peers in turns, and compares
//   profile-start   where the time of one start of nono goes
//   supervise       what the supervisor adds to calls and to whole tools
//   audit           what the record of a session costs, and reading a million events of it again
//   snapshot        snapshots and restores of large trees, beside git, restic and borg
//
//   --rounds N      measured rounds (start: 40, profile-start: 20, supervise: 15, snapshot: 5, audit: 40)
//   --files A,B     snapshot: sizes of trees (20000,200000)
//   --peers A,B     only these peers (default: all of bench/peers.json)
//   --no-install    leaves out the peers that are not in the cache yet
//   --json          one JSON document on standard output and nothing else
//
// Ends with 0 also when a goal is missed: it measures. Ends with 1 when something that is measured did not run.

import { parseArgs } from "node:util";

const COMMANDS = {
  start: async () => (await import("./start.mjs")).start,
  supervise: async () => (await import("./supervise.mjs")).supervise,
  snapshot: async () => (await import("./snapshot.mjs")).snapshot,
  audit: async () => (await import("./audit.mjs")).audit,
  "profile-start": async () => (await import("./profile-start.mjs")).profileStart,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string" },
    peers: { type: "string" },
    files: { type: "string" },
    "no-install": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

const load = Object.entries(COMMANDS).find(([name]) => name === positionals[0])?.[1];
const files = values.files?.split(",").map(Number);
const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
if (
  load === undefined ||
  positionals.length > 1 ||
  (rounds !== undefined && !(rounds >= 1 && rounds <= 10_000)) ||
  files?.some((count) => !(Number.isInteger(count) && count >= 100 && count <= 10_000_000))
) {
  console.error(
    `usage: npm run bench -- ${Object.keys(COMMANDS).join("|")} [--rounds N] [--peers A,B] [--files A,B] [--no-install] [--json]`,
  );
  process.exitCode = 2;
} else {
  try {
    const command = await load();
    const { text, json } = await command({
      rounds,
      peers: values.peers?.split(","),
      files,
      install: !values["no-install"],
    });
    console.log(values.json ? JSON.stringify(json, null, 2) : text);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "BenchError") throw error;
    console.error(`bench: ${error.message}`);
    process.exitCode = 1;
  }
}
