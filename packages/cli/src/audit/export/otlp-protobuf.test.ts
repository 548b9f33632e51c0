// Against bytes that the published protocol buffers of OpenTelemetry (opentelemetry-proto for Python) make of the same
// document and of an answer.

import fc from "fast-check";
import { expect, it } from "vitest";
import type { LogsRequest } from "./otlp-logs.ts";
import { decodeResponse, encodeLogs } from "./otlp-protobuf.ts";

const REQUEST: LogsRequest = JSON.parse(
  `{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"nono"}}]},"scopeLogs":[{"scope":{"name":"nono.audit","version":"1.2.3"},"logRecords":[{"timeUnixNano":"1771270391519000000","observedTimeUnixNano":"1771270391519000000","severityNumber":13,"severityText":"WARN","eventName":"nono.audit.denied","attributes":[{"key":"nono.audit.n","value":{"intValue":"0"}},{"key":"process.pid","value":{"intValue":"4194304"}},{"key":"path","value":{"stringValue":"/home/\\u00fc"}}],"body":{"kvlistValue":{"values":[{"key":"allowed","value":{"boolValue":false}},{"key":"least","value":{"intValue":"-3"}},{"key":"none","value":{}},{"key":"empty","value":{"stringValue":""}},{"key":"raw","value":{"bytesValue":"Yf8="}},{"key":"list","value":{"arrayValue":{"values":[{"stringValue":"x"},{"arrayValue":{"values":[]}}]}}}]}}}]}]}]}`,
);

const BYTES = [
  "0a82020a180a160a0c736572766963652e6e616d6512060a046e6f6e6f12e5010a130a0a6e6f6e6f2e61756469741205312e322e",
  "3312cd0109c035a85709d19418100d1a045741524e2a60325e0a0d0a07616c6c6f776564120210000a140a056c65617374120b18",
  "fdffffffffffffffff010a080a046e6f6e6512000a0b0a05656d70747912020a000a0b0a0372617712043a0261ff0a130a046c69",
  "7374120b2a090a030a01780a022a0032120a0c6e6f6e6f2e61756469742e6e1202180032140a0b70726f636573732e7069641205",
  "188080800232120a0470617468120a0a082f686f6d652fc3bc59c035a85709d1941862116e6f6e6f2e61756469742e64656e6965",
  "64",
].join("");

it("writes a request as the published definitions have it", () => {
  expect(encodeLogs(REQUEST).toString("hex")).toBe(BYTES);
});

it("reads what a collector did not take, and an empty answer", () => {
  const partial = Buffer.from("0a0e0803120a746f6f206f6c6420c3bc", "hex");
  expect(decodeResponse(partial)).toEqual({ count: 3, message: "too old \u00fc" });
  expect(decodeResponse(Buffer.alloc(0))).toEqual({ count: 0, message: "" });
});

it("does not choke on what is no answer", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const read = decodeResponse(Buffer.from(bytes));
      expect(read === undefined || Number.isFinite(read.count)).toBe(true);
    }),
  );
});
