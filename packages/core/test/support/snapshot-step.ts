// One step of the life of snapshots, as a program of its own that can be made to fail or be killed: the tree is `work`
// and the store `store` in the directory given. What it prints is what it would tell a person.

import fs from "node:fs";
import { cleanUp } from "../../src/snapshot/cleanup.ts";
import { applyRestore, prepareRestore } from "../../src/snapshot/restore.ts";
import { openSnapshots } from "../../src/snapshot/snapshot-store.ts";
import { awaitWatcher } from "./await-watcher.ts";

const [step, directory] = process.argv.slice(2);
const store = openSnapshots(`${directory}/store`);
const tell = (outcome: object) => fs.writeSync(1, JSON.stringify(outcome));
awaitWatcher();

if (step === "cleanup") {
  tell(await cleanUp(store, { keep: 1 }));
} else {
  const session = store.open("s-2");
  if (step === "snapshot") {
    const { number, uncaptured } = await session.take("final");
    tell({ number, uncaptured });
  } else {
    const { conflicts } = await applyRestore(session, await prepareRestore(session, { to: 0 }));
    tell({ conflicts });
  }
  session.close();
}
