// One step of nono's snapshots as a program of its own, as the peers are: compiled with Bun, as the executable is.
//
//   snapshot-step.mjs take STORE SESSION TREE       a new session with its baseline
//   snapshot-step.mjs end STORE SESSION             the final state of a session
//   snapshot-step.mjs restore STORE SESSION         back to the baseline

import { applyRestore, openSnapshots, prepareRestore } from "../packages/core/src/index.ts";

const [step, directory, id, tree] = process.argv.slice(2);
const store = openSnapshots(directory);
const session =
  step === "take" ? store.create(id, [tree], { exclude: [], include: [] }) : store.open(String(id));
if (step === "take") await session.take("baseline");
if (step === "end") await session.take("final");
if (step === "restore") {
  const { conflicts } = await applyRestore(session, await prepareRestore(session, { to: 0 }));
  if (conflicts.length > 0) throw new Error(`${conflicts.length} conflicts`);
}
session.close();
store.close();
