// That a checkpoint vouches for the key of an earlier session: from the session that it is of, by the links of those between.
// Each is signed by its session's own key and names the key of the one before: what a session says of the next one's key
// proves nothing here, since anybody can say it with a key of their own. Nothing of what the sessions did is in it.

import type { AuditStore } from "./audit-store.ts";
import { type Beginning, beginningFrom, beginningOf, isBegunBy } from "./beginning.ts";
import type { JsonObject } from "./canonical.ts";
import { originOf, parseCheckpoint, sessionOfOrigin } from "./checkpoint.ts";
import { logFile } from "./layout.ts";
import { linkData } from "./link.ts";
import { encodeVerifier, isSigned, parseNote } from "./signed-note.ts";
import { verifyAudit } from "./verify-audit.ts";

/** `session`: the earlier one. `key`: of the session that the checkpoint is of. `steps`: from that one down. */
export type HistoryProof = Readonly<{
  format: 1;
  kind: "history";
  session: string;
  key: string;
  checkpoint: string;
  steps: readonly Readonly<{ link: JsonObject; begun: string }>[];
}>;

/**
 * @param notes checkpoints that somebody else keeps
 * @returns undefined where all of them are of earlier sessions, or a session between has no beginning any more, or does not
 *   name the key of the one before
 */
export async function proveHistory(
  store: AuditStore,
  session: string,
  notes: readonly string[],
): Promise<HistoryProof | undefined> {
  const beginnings = await beginningsIn(store);
  const target = [...beginnings.values()].find(({ link }) => link.session === session);
  const sources = notes.flatMap((note) => {
    const name = sessionOfOrigin(parseCheckpoint(note)?.origin ?? "");
    const source = [...beginnings.values()].find(({ link }) => link.session === name);
    return source === undefined ? [] : [{ note, source }];
  });
  const [nearest] = sources
    .filter(({ source }) => target !== undefined && source.link.number > target.link.number)
    .sort((one, other) => one.source.link.number - other.source.link.number);
  if (target === undefined || nearest === undefined) return undefined;
  const steps: HistoryProof["steps"][number][] = [];
  for (let number = nearest.source.link.number; number >= target.link.number; number--) {
    const step = beginnings.get(number);
    if (step === undefined) return undefined;
    steps.push({ link: linkData(step.link), begun: step.begun });
  }
  const { link } = nearest.source;
  const key = encodeVerifier({ name: originOf(link.session), key: link.key });
  const proof: HistoryProof = { format: 1, kind: "history", session, key, checkpoint: nearest.note, steps };
  return problemOfHistory(proof) === undefined ? proof : undefined;
}

/** By their numbers: of logs that are there, and of those that were cleaned up. */
async function beginningsIn(store: AuditStore): Promise<ReadonlyMap<number, Beginning>> {
  const { removed } = await verifyAudit(store, { sessions: [] });
  const there = store.sessions().flatMap((id) => beginningOf(logFile(store.layout, id)) ?? []);
  return new Map([...removed, ...there].map((one) => [one.link.number, one]));
}

/** Why it does not hold; undefined: it does, if its checkpoint is one that the reader believes. */
export function problemOfHistory(proof: HistoryProof): string | undefined {
  const steps = proof.steps.map(stepOf);
  const [first] = steps;
  const last = steps.at(-1);
  if (!steps.every((step) => step !== undefined) || first === undefined) return "a step of it is none";
  const verifier = { name: originOf(first.link.session), key: first.link.key };
  const note = parseNote(proof.checkpoint);
  const isOwn = note !== undefined && parseCheckpoint(proof.checkpoint)?.origin === verifier.name;
  if (!isOwn || proof.key !== encodeVerifier(verifier) || !isSigned(note, verifier))
    return "its checkpoint is not signed by its key";
  if (last?.link.session !== proof.session) return "it does not lead to the session that it names";
  const holds = steps.every((step, at) => at === 0 || isBefore(step, steps[at - 1] as Beginning));
  return holds && steps.every(isBegunBy) ? undefined : "a step of it does not follow from the one before";
}

/** Of all sessions but the first of a proof that holds, the keys. */
export function keysIn({ steps }: HistoryProof): readonly string[] {
  return steps.slice(1).flatMap((one) => {
    const step = stepOf(one);
    return step === undefined
      ? []
      : [encodeVerifier({ name: originOf(step.link.session), key: step.link.key })];
  });
}

function stepOf({ link, begun }: HistoryProof["steps"][number]): Beginning | undefined {
  return beginningFrom({ link }, begun);
}

function isBefore({ link, first }: Beginning, later: Beginning): boolean {
  const named = later.link.before;
  return (
    link.number === later.link.number - 1 &&
    link.next.equals(later.link.key) &&
    named?.session === link.session &&
    named.root === first &&
    named.key === linkData(link).key
  );
}
