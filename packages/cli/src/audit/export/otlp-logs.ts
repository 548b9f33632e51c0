// Events of a record as OpenTelemetry logs, in the JSON form of OTLP. Pure. Source: opentelemetry-proto,
// logs/v1/logs.proto, common/v1/common.proto; the names of attributes are those of the semantic conventions.

import { type AuditEvent, bytesOf, type Json, type JsonObject } from "nono-ts";

/** Whole numbers are text: they have 64 bits. Bytes are base64. */
export type AnyValue =
  | Readonly<{ stringValue: string }>
  | Readonly<{ boolValue: boolean }>
  | Readonly<{ intValue: string }>
  | Readonly<{ bytesValue: string }>
  | Readonly<{ arrayValue: Readonly<{ values: readonly AnyValue[] }> }>
  | Readonly<{ kvlistValue: Readonly<{ values: readonly KeyValue[] }> }>
  | Readonly<Record<string, never>>;

export type KeyValue = Readonly<{ key: string; value: AnyValue }>;

export type LogRecord = Readonly<{
  timeUnixNano: string;
  observedTimeUnixNano: string;
  severityNumber: number;
  severityText: string;
  body: AnyValue;
  attributes: readonly KeyValue[];
  eventName: string;
}>;

export type LogsRequest = Readonly<{
  resourceLogs: readonly Readonly<{
    resource: Readonly<{ attributes: readonly KeyValue[] }>;
    scopeLogs: readonly Readonly<{
      scope: Readonly<{ name: string; version: string }>;
      logRecords: readonly LogRecord[];
    }>[];
  }>[];
}>;

/** SEVERITY_NUMBER_INFO and SEVERITY_NUMBER_WARN. */
const [INFO, WARN] = [9, 13];
const WARNINGS: ReadonlySet<string> = new Set(["denied", "blocked", "lost", "unsupervised"]);

/** @param start the first event of the record that `events` are of */
export function logsRequest(start: AuditEvent, session: string, events: readonly AuditEvent[]): LogsRequest {
  const version = String(start.data.nono ?? "");
  return {
    resourceLogs: [
      {
        resource: { attributes: resourceOf(start, session, version) },
        scopeLogs: [
          {
            scope: { name: "nono.audit", version },
            logRecords: events.map((event) => recordOf(event, session)),
          },
        ],
      },
    ],
  };
}

/** Names of the kernel's that the conventions have others for. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: "amd64", aarch64: "arm64" };

function resourceOf({ data }: AuditEvent, session: string, version: string): readonly KeyValue[] {
  const host = (data.host ?? {}) as JsonObject;
  return attributes({
    "service.name": "nono",
    "service.version": version,
    "service.instance.id": session,
    "host.name": host.name,
    "host.arch": ARCHITECTURES[String(host.machine)] ?? host.machine,
    "os.type": process.platform,
    "os.version": host.kernel,
  });
}

function recordOf({ kind, data, n, at }: AuditEvent, session: string): LogRecord {
  const nanoseconds = `${Date.parse(at)}000000`;
  const severe = WARNINGS.has(kind);
  const process = (data.process ?? {}) as JsonObject;
  return {
    timeUnixNano: nanoseconds,
    observedTimeUnixNano: nanoseconds,
    severityNumber: severe ? WARN : INFO,
    severityText: severe ? "WARN" : "INFO",
    body: anyValue(data),
    attributes: attributes({
      "session.id": session,
      "nono.audit.n": n,
      "nono.audit.kind": kind,
      "process.pid": process.pid,
      "process.executable.path": kind === "executed" ? (data.path ?? undefined) : process.executable,
      "file.path": kind === "executed" ? undefined : data.path,
    }),
    eventName: `nono.audit.${kind}`,
  };
}

function attributes(fields: JsonObject): readonly KeyValue[] {
  return Object.entries(fields).flatMap(([key, value]) =>
    value === undefined || value === null ? [] : [{ key, value: anyValue(value) }],
  );
}

/** Half of a pair, which stands for a byte that is not UTF-8. */
const LONE = /[\ud800-\udfff]/u;

function anyValue(value: Json): AnyValue {
  switch (typeof value) {
    case "string":
      return LONE.test(value) ? { bytesValue: bytesOf(value).toString("base64") } : { stringValue: value };
    case "boolean":
      return { boolValue: value };
    case "number":
      return { intValue: String(value) };
    default:
      return value === null ? {} : compoundOf(value);
  }
}

function compoundOf(value: readonly Json[] | JsonObject): AnyValue {
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  const fields = Object.entries(value as JsonObject);
  return {
    kvlistValue: {
      values: fields.flatMap(([key, field]) =>
        field === undefined ? [] : [{ key, value: anyValue(field) }],
      ),
    },
  };
}
