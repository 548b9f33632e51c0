import { type Observation, readEvents } from "nono-ts";
import { expect, it } from "vitest";
import { makeTree } from "../../test/policy/fixtures.ts";
import type { SessionData } from "./event.ts";
import { Recorder } from "./recorder.ts";
import { Redactor } from "./redact.ts";
import { openRecords } from "./store.ts";

it("records what a program did in a moment, however much it was", async () => {
  using tree = makeTree();
  const store = openRecords(tree.root);
  const start = { purpose: "session", executable: "/nowhere" } as unknown as SessionData["start"];
  const redactor = new Redactor({ injected: [], values: [], names: [], patterns: [] });
  const recorder = await Recorder.begin(store, "20260216-193311-1", start, redactor, async () => undefined);
  const seen = {
    kind: "executed",
    path: "/bin/true",
    arguments: ["true"],
    cut: false,
    process: { pid: 7 },
  } as unknown as Observation;
  recorder.witness.observed(Array(150_000).fill(seen));
  expect(recorder.failure).toBeUndefined();
  await recorder.ended({ code: 0, signal: null });
  await recorder.close();
  const counted = [...readEvents(store.file("20260216-193311-1"))].filter(({ kind }) => kind === "executed");
  expect(counted).toHaveLength(150_000);
}, 60_000);
