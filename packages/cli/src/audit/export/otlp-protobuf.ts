// The same logs as protocol buffers, and what a collector answers to them. Pure. Numbers of fields: opentelemetry-proto,
// collector/logs/v1/logs_service.proto and what it imports; the form: protobuf.dev/programming-guides/encoding.

import type { AnyValue, KeyValue, LogRecord, LogsRequest } from "./otlp-logs.ts";

const [VARINT, FIXED64, BYTES, FIXED32] = [0, 1, 2, 5];

export function encodeLogs({ resourceLogs }: LogsRequest): Buffer {
  return message(
    ...resourceLogs.map(({ resource, scopeLogs }) =>
      field(
        1,
        message(
          field(1, message(...resource.attributes.map((attribute) => field(1, keyValue(attribute))))),
          ...scopeLogs.map(({ scope, logRecords }) =>
            field(
              2,
              message(
                field(1, message(text(1, scope.name), text(2, scope.version))),
                ...logRecords.map((record) => field(2, logRecord(record))),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

function logRecord(record: LogRecord): Buffer {
  return message(
    fixed64(1, record.timeUnixNano),
    number(2, record.severityNumber),
    text(3, record.severityText),
    field(5, anyValue(record.body)),
    ...record.attributes.map((attribute) => field(6, keyValue(attribute))),
    fixed64(11, record.observedTimeUnixNano),
    text(12, record.eventName),
  );
}

function keyValue({ key, value }: KeyValue): Buffer {
  return message(text(1, key), field(2, anyValue(value)));
}

/** Also what is empty is written: it says which kind of value there is. */
function anyValue(value: AnyValue): Buffer {
  if ("stringValue" in value) return field(1, Buffer.from(value.stringValue ?? ""));
  if ("boolValue" in value) return message(tag(2, VARINT), varint(value.boolValue ? 1n : 0n));
  if ("intValue" in value) return message(tag(3, VARINT), varint(BigInt(value.intValue ?? 0)));
  if ("arrayValue" in value)
    return field(5, message(...(value.arrayValue?.values ?? []).map((one) => field(1, anyValue(one)))));
  if ("kvlistValue" in value)
    return field(6, message(...(value.kvlistValue?.values ?? []).map((one) => field(1, keyValue(one)))));
  return "bytesValue" in value ? field(7, Buffer.from(value.bytesValue ?? "", "base64")) : message();
}

function message(...parts: readonly Buffer[]): Buffer {
  return Buffer.concat(parts);
}

function field(number: number, bytes: Buffer): Buffer {
  return message(tag(number, BYTES), varint(BigInt(bytes.length)), bytes);
}

/** What is empty is not written. */
function text(number: number, value: string): Buffer {
  return value === "" ? message() : field(number, Buffer.from(value));
}

function number(field: number, value: number): Buffer {
  return message(tag(field, VARINT), varint(BigInt(value)));
}

function fixed64(number: number, value: string): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return message(tag(number, FIXED64), bytes);
}

function tag(number: number, type: number): Buffer {
  return varint(BigInt(number * 8 + type));
}

/** Negative numbers as the 64 bits that they have. */
function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  for (let rest = BigInt.asUintN(64, value); ; rest >>= 7n) {
    if (rest < 0x80n) return Buffer.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 0x7fn) | 0x80);
  }
}

/** What a collector did not take. */
export type Rejected = Readonly<{ count: number; message: string }>;

/** @returns undefined for what is no ExportLogsServiceResponse */
export function decodeResponse(bytes: Buffer): Rejected | undefined {
  const outer = fieldsOf(bytes);
  const partial = outer?.get(1);
  if (outer === undefined) return undefined;
  if (partial === undefined) return { count: 0, message: "" };
  const inner = Buffer.isBuffer(partial) ? fieldsOf(partial) : undefined;
  if (inner === undefined) return undefined;
  const [count, said] = [inner.get(1), inner.get(2)];
  return {
    count: typeof count === "bigint" ? Number(BigInt.asIntN(64, count)) : 0,
    message: Buffer.isBuffer(said) ? said.toString() : "",
  };
}

/** The last of each number, as the form wants it. */
function fieldsOf(bytes: Buffer): ReadonlyMap<number, bigint | Buffer> | undefined {
  const fields = new Map<number, bigint | Buffer>();
  const reader = new Reader(bytes);
  while (!reader.done) {
    const head = Number(reader.varint());
    const value = reader.value(head % 8);
    if (value === undefined) return undefined;
    fields.set(Math.floor(head / 8), value);
  }
  return reader.failed ? undefined : fields;
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;
  failed = false;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.failed || this.#at >= this.#bytes.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) break;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    this.failed = true;
    return 0n;
  }

  value(type: number): bigint | Buffer | undefined {
    if (type === VARINT) return this.varint();
    if (type === FIXED64) return this.#take(8);
    if (type === FIXED32) return this.#take(4);
    return type === BYTES ? this.#take(Number(this.varint())) : undefined;
  }

  #take(length: number): Buffer | undefined {
    const end = this.#at + length;
    if (end > this.#bytes.length) return undefined;
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }
}
