// A record to a collector, batch by batch, from where it was left.

import { type AuditEvent, type AuditStore, readEvents } from "nono-ts";
import { type CollectorOptions, deliver } from "./collector.ts";
import { logsRequest } from "./otlp-logs.ts";
import type { Outbox, OutboxEntry } from "./outbox.ts";

/** Of one request: events, and characters of what they hold. */
const [EVENTS, LENGTH] = [500, 2 << 20];

export type Sent = Readonly<{ events: number; rejected: number; message: string }>;

/** What arrived is noted after each batch, so that nothing is left out; the last one may come twice. @throws CollectorError */
export async function sendRecord(
  store: AuditStore,
  outbox: Outbox,
  entry: OutboxEntry,
  options: Omit<CollectorOptions, "url" | "protocol">,
): Promise<Sent> {
  let [events, rejected, message] = [0, 0, ""];
  for (const { start, batch } of batchesOf(store.file(entry.session), entry.next)) {
    const request = logsRequest(start, entry.session, batch);
    const answer = await deliver(request, { ...options, url: entry.url, protocol: entry.protocol });
    events += batch.length;
    rejected += answer.count;
    message ||= answer.message;
    outbox.update({ ...entry, next: (batch.at(-1)?.n ?? 0) + 1 });
  }
  outbox.remove(entry);
  return { events, rejected, message };
}

type Batch = Readonly<{ start: AuditEvent; batch: readonly AuditEvent[] }>;

function* batchesOf(file: string, from: number): Generator<Batch> {
  let start: AuditEvent | undefined;
  let batch: AuditEvent[] = [];
  let length = 0;
  for (const event of readEvents(file)) {
    start ??= event;
    if (event.n < from) continue;
    batch.push(event);
    length += JSON.stringify(event.data).length;
    if (batch.length < EVENTS && length < LENGTH) continue;
    yield { start, batch };
    [batch, length] = [[], 0];
  }
  if (start !== undefined && batch.length > 0) yield { start, batch };
}
