// One collector that speaks OTLP over HTTP: what it is sent is tried until it has it, or says that it never will. Source:
// OpenTelemetry Protocol, section OTLP/HTTP.

import type { LogsRequest } from "./otlp-logs.ts";
import { decodeResponse, encodeLogs, type Rejected } from "./otlp-protobuf.ts";

export type Protocol = "http/protobuf" | "http/json";

export type CollectorOptions = Readonly<{
  url: string;
  protocol: Protocol;
  /** Those of the user: they may be secrets. */
  headers: Readonly<Record<string, string>>;
  /** Milliseconds for one request, and since 1970 until when it is tried again. */
  timeout: number;
  until: number;
  /** First pause, in milliseconds; it doubles. */
  pause?: number;
}>;

/** `retry`: it may have it later. */
export class CollectorError extends Error {
  override readonly name = "CollectorError";
  readonly retry: boolean;

  constructor(message: string, retry: boolean) {
    super(message);
    this.retry = retry;
  }
}

const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const [PAUSE, PAUSE_MAX] = [500, 30_000];
/** Bytes of an answer. */
const ANSWER_MAX = 1 << 20;

/** @returns what the collector did not take of it. @throws CollectorError */
export async function deliver(request: LogsRequest, options: CollectorOptions): Promise<Rejected> {
  for (let pause = options.pause ?? PAUSE; ; pause = Math.min(2 * pause, PAUSE_MAX)) {
    const answer = await attempt(request, options);
    if (!("retryAfter" in answer)) return answer;
    // Not all at once that failed at once.
    const wait = Math.max(answer.retryAfter, pause * (0.5 + Math.random() / 2));
    if (Date.now() + wait > options.until) throw new CollectorError(answer.why, true);
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

type Failed = Readonly<{ retryAfter: number; why: string }>;

async function attempt(request: LogsRequest, options: CollectorOptions): Promise<Rejected | Failed> {
  const { url, protocol, headers, timeout } = options;
  const json = protocol === "http/json";
  let response: Response;
  let body: Buffer;
  try {
    response = await fetch(url, {
      method: "POST",
      body: json ? JSON.stringify(request) : new Uint8Array(encodeLogs(request)),
      headers: { ...headers, "content-type": json ? "application/json" : "application/x-protobuf" },
      // Whoever is behind a redirect is not the one that was named.
      redirect: "manual",
      signal: AbortSignal.timeout(timeout),
    });
    body = await bodyOf(response);
  } catch (error) {
    return { retryAfter: 0, why: reasonOf(error) };
  }
  if (response.ok) return rejectedIn(body, json);
  const why = `it answers ${response.status}`;
  if (!RETRYABLE.has(response.status)) throw new CollectorError(why, false);
  return { retryAfter: retryAfterOf(response.headers.get("retry-after")), why };
}

async function bodyOf(response: Response): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > ANSWER_MAX) throw new CollectorError("its answer is too long", true);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** An answer that cannot be read is a yes all the same: it said 200. */
function rejectedIn(body: Buffer, json: boolean): Rejected {
  if (!json) return decodeResponse(body) ?? { count: 0, message: "" };
  try {
    const { partialSuccess } = JSON.parse(body.toString("utf8") || "{}");
    const { rejectedLogRecords = 0, errorMessage = "" } = partialSuccess ?? {};
    return { count: Number(rejectedLogRecords) || 0, message: String(errorMessage) };
  } catch {
    return { count: 0, message: "" };
  }
}

/** Seconds, or a date; in milliseconds from now. */
function retryAfterOf(header: string | null): number {
  if (header === null) return 0;
  const milliseconds = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : 0;
}

function reasonOf(error: unknown): string {
  const { cause, code, name, message } = error as Error & { code?: string };
  if (name === "TimeoutError") return "it does not answer";
  return (cause as NodeJS.ErrnoException | undefined)?.code ?? code ?? message;
}
