import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { CollectorError, deliver } from "./collector.ts";
import type { LogsRequest } from "./otlp-logs.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const EMPTY: LogsRequest = { resourceLogs: [] };

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** A collector that gives these answers, the last one from then on. */
async function collector(...answers: readonly Answer[]) {
  let asked = 0;
  server = createServer((request, response) => {
    request.resume();
    request.on("end", () => answers[Math.min(asked++, answers.length - 1)]?.(response, request));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/logs`;
  return {
    asked: () => asked,
    send: (more: Partial<Parameters<typeof deliver>[1]> = {}) =>
      deliver(EMPTY, {
        ...{ url, protocol: "http/json", headers: {}, timeout: 5000 },
        ...{ until: Date.now() + 20_000, pause: 1, ...more },
      }),
  };
}

const status =
  (code: number, headers: Record<string, string> = {}, body = ""): Answer =>
  (response) =>
    response.writeHead(code, headers).end(body);

it.each([429, 502, 503, 504])("tries again after %i, until it is taken", async (code) => {
  const { asked, send } = await collector(status(code), status(code, { "retry-after": "0" }), status(200));
  expect(await send()).toEqual({ count: 0, message: "" });
  expect(asked()).toBe(3);
});

it("tries again when the connection breaks", async () => {
  const { asked, send } = await collector((response) => response.destroy(), status(200));
  await send();
  expect(asked()).toBe(2);
});

it.each([400, 401, 404, 413, 500])("does not try again after %i", async (code) => {
  const { asked, send } = await collector(status(code));
  await expect(send()).rejects.toMatchObject({ retry: false, message: `it answers ${code}` });
  expect(asked()).toBe(1);
});

it("gives up for now when the collector wants more time than there is", async () => {
  const { asked, send } = await collector(status(503, { "retry-after": "3600" }));
  await expect(send()).rejects.toMatchObject({ retry: true });
  expect(asked()).toBe(1);
  await expect(send({ url: "http://127.0.0.1:1/", until: Date.now() + 20 })).rejects.toThrow(CollectorError);
});

it("does not wait for ever for an answer", async () => {
  const { send } = await collector(() => undefined);
  const failed = send({ timeout: 50, until: Date.now() });
  await expect(failed).rejects.toMatchObject({ message: "it does not answer", retry: true });
});

it("follows no redirect: its headers are for whom they were given", async () => {
  const seen: (string | undefined)[] = [];
  const { send } = await collector((response, request) => {
    seen.push(request.url);
    response.writeHead(307, { location: "/other" }).end();
  });
  await expect(send({ headers: { authorization: "x" } })).rejects.toMatchObject({ retry: false });
  expect(seen).toEqual(["/v1/logs"]);
});

it("says what was not taken", async () => {
  const body = JSON.stringify({ partialSuccess: { rejectedLogRecords: "2", errorMessage: "too old" } });
  const { send } = await collector(status(200, {}, body));
  expect(await send()).toEqual({ count: 2, message: "too old" });
});
