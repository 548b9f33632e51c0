// Proofs that are checked without the log: what holds, and what somebody else made up.

import { describe, expect, it } from "vitest";
import { type Beginning, beginningFrom, isBegunBy } from "../src/audit/beginning.ts";
import { checkpointText, originOf } from "../src/audit/checkpoint.ts";
import { type HistoryProof, proveHistory } from "../src/audit/history-proof.ts";
import { hashOfLine } from "../src/audit/line.ts";
import { linkData, linkExtension } from "../src/audit/link.ts";
import { problemOfProof, proveConsistency, proveInclusion } from "../src/audit/proof-document.ts";
import { readEvents } from "../src/audit/read-log.ts";
import { keyOf } from "../src/audit/session-key.ts";
import { encodeVerifier, signNote } from "../src/audit/signed-note.ts";
import { auditPlace } from "./support/audit-place.ts";

const audit = auditPlace();

const { fileOf } = audit;

async function record(session: string): Promise<void> {
  const log = await audit.store.begin(session, { command: ["true"] });
  log.append({ kind: "denied", data: { path: "/secret" } });
  await log.finish({ kind: "end", data: {} });
}

const checkpointOf = (session: string, place = -1) =>
  [...readEvents(fileOf(session))].filter(({ kind }) => kind === "checkpoint").at(place)?.data.note as string;

/** By a key of somebody's own, over one line. */
async function proofOf(line: string) {
  const { secret, key } = await keyOf(Buffer.alloc(32, 7));
  const name = originOf("s-1");
  const root = hashOfLine(Buffer.from(line));
  const checkpoint = await signNote(checkpointText({ origin: name, size: 1, root }), { name, key }, secret);
  return {
    ...{ format: 1, kind: "inclusion", session: "s-1", key: encodeVerifier({ name, key }) },
    ...{ index: 0, line, checkpoint, hashes: [] },
  };
}

describe("proofs", () => {
  it("prove a line, and that a checkpoint continues another", async () => {
    await record("s-1");
    const inclusion = proveInclusion(fileOf("s-1"), "s-1", 2);
    expect(problemOfProof(JSON.parse(JSON.stringify(inclusion)))).toBeUndefined();
    expect(problemOfProof({ ...inclusion, index: 3 })).toBeTruthy();
    expect(problemOfProof({ ...inclusion, line: "{}" })).toBeTruthy();
    const consistency = proveConsistency(fileOf("s-1"), "s-1", checkpointOf("s-1", 0));
    expect(problemOfProof(consistency)).toBeUndefined();
    expect(problemOfProof({ ...consistency, hashes: [] })).toBeTruthy();
    expect(problemOfProof({ ...consistency, session: "s-2" })).toBeTruthy();
    expect(problemOfProof(null)).toBe("it is no proof");
    const line = "nobody's event";
    expect(problemOfProof(await proofOf(line))).toBe("the line is no event of that number");
  });

  it("are no proofs in another form", async () => {
    for (const session of ["s-1", "s-2"]) await record(session);
    const proofs = [
      proveInclusion(fileOf("s-1"), "s-1", 2),
      proveConsistency(fileOf("s-1"), "s-1", checkpointOf("s-1", 0)),
      await proveHistory(audit.store, "s-1", [checkpointOf("s-2", 0)]),
    ];
    for (const proof of proofs) {
      expect(problemOfProof(proof)).toBeUndefined();
      for (const field of Object.keys(proof ?? {}))
        for (const value of [
          undefined,
          null,
          7,
          "x",
          [7],
          [null],
          {},
          { toString: 1, valueOf: 1 },
          [{ toString: 1 }],
        ])
          expect([field, problemOfProof({ ...proof, [field]: value })]).toEqual([field, expect.any(String)]);
    }
  });

  it("lead back only to keys that a later session named, not to one that names the later session's", async () => {
    for (const session of ["s-1", "s-2"]) await record(session);
    const proof = (await proveHistory(audit.store, "s-1", [checkpointOf("s-2", 0)])) as HistoryProof;
    expect(problemOfProof(proof)).toBeUndefined();
    const [later, own] = proof.steps.map(({ link, begun }) => beginningFrom({ link }, begun)) as [
      Beginning,
      Beginning,
    ];
    // All that it takes stands in the proof: the number, the later key, the root of the first line.
    const { secret, key } = await keyOf(Buffer.alloc(32, 7));
    const link = linkData({ ...own.link, key });
    const origin = originOf("s-1");
    const root = Buffer.from(own.first, "hex");
    const text = checkpointText({ origin, size: 1, root, extensions: [linkExtension(link)] });
    const begun = await signNote(text, { name: origin, key }, secret);
    const forged = beginningFrom({ link }, begun) as Beginning;
    expect([isBegunBy(forged), forged.link.next.equals(later.link.key)]).toEqual([true, true]);
    const steps = [proof.steps[0], { link, begun }];
    expect(problemOfProof({ ...proof, steps })).toBe("a step of it does not follow from the one before");
  });
});
