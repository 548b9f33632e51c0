// A record for other tools: its lines, and OpenTelemetry logs to a collector, which get there however often it or nono
// is stopped.

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import type { KeyValue, LogRecord, LogsRequest } from "../src/audit/export/otlp-logs.ts";
import { encodeLogs } from "../src/audit/export/otlp-protobuf.ts";
import { makeWorld, NONO, until, type World } from "./support/world.ts";

const started = (world: World, script: string, ...more: string[]) =>
  world.nono("--silent", "run", "--allow-cwd", "--", "sh", "-c", script, ...more);

async function latest(world: World): Promise<string> {
  return JSON.parse((await world.nono("audit", "list", "--json")).stdout)[0].session_id;
}

type Received = Readonly<{ url: string | undefined; headers: NodeJS.Dict<string | string[]>; body: Buffer }>;

type Answered = number | Readonly<{ body: string }>;

/** A collector on loopback. `answers`: status codes, or what it says, in their order; 0: it hangs; then 200. */
async function collector(...answers: readonly Answered[]) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      const answer = answers[received.length] ?? 200;
      const [code, body] = typeof answer === "number" ? [answer, "{}"] : [200, answer.body];
      received.push({ url: request.url, headers: request.headers, body: Buffer.concat(parts) });
      if (code > 0) response.writeHead(code, { "content-type": "application/json" }).end(body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    received,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const requestIn = ({ body }: Received): LogsRequest => JSON.parse(body.toString());
const recordsIn = (received: readonly Received[]) =>
  received.flatMap((one) =>
    requestIn(one).resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords)),
  );
const fieldOf = (list: readonly KeyValue[], key: string) => list.find((one) => one.key === key)?.value;
const numberOf = ({ attributes }: LogRecord) => fieldOf(attributes, "nono.audit.n");
const outboxOf = (world: World) => {
  const directory = world.at("home/.local/state/nono/audit/outbox");
  return fs.existsSync(directory) ? fs.readdirSync(directory).filter((name) => name.endsWith(".json")) : [];
};

const otlp = (url: string, ...more: string[]) => [
  ...["audit", "export", "--format", "otlp", "--endpoint", url],
  ...more,
];
const JSON_FORM = ["--protocol", "http/json"];

describe("nono audit export", () => {
  it("prints the lines as they were written", async () => {
    await using world = await makeWorld();
    await started(world, "true");
    const file = world.at(`home/.local/state/nono/audit/sessions/${await latest(world)}.jsonl`);
    const { stdout, code } = await world.nono("audit", "export", "--format", "jsonl");
    expect([code, stdout]).toEqual([0, fs.readFileSync(file, "utf8")]);
  });

  it("moves no terminal, whatever a program put into the record, and no less what a collector says", async () => {
    await using world = await makeWorld();
    await started(world, "true", "\u009b2J\u202e");
    const line = `'${NONO}' audit export`;
    const shown = execFileSync("script", ["-qec", line, "/dev/null"], {
      encoding: "utf8",
      env: { ...world.env, SHELL: "/bin/sh" },
    });
    const file = world.at(`home/.local/state/nono/audit/sessions/${await latest(world)}.jsonl`);
    const written = fs.readFileSync(file, "utf8");
    expect(written).toMatch(/[\u0080-\u009f\u202e]/);
    const piped = (await world.nono("audit", "export")).stdout;
    for (const text of [shown, piped]) {
      expect(text).toContain("\\u009b2J\\u202e");
      expect(text).not.toMatch(/[\u0080-\u009f\u202e]/);
    }
    const signed = piped.split("\n").map((one) => one && JSON.stringify(JSON.parse(one)));
    expect(signed.join("\n")).toBe(written);

    const body = JSON.stringify({
      partialSuccess: { rejectedLogRecords: 1, errorMessage: "no\u001b]0;x\u0007" },
    });
    await using there = await collector({ body });
    const { stderr } = await world.nono(...otlp(there.url, ...JSON_FORM));
    expect(stderr).toContain("did not take 1 event");
    expect(stderr).toContain("no\\e]0;x");
    expect(stderr).not.toMatch(/[\u001b\u0007]/);
  });

  it("sends every event to a collector, without loss, and with the headers of the user", async () => {
    await using world = await makeWorld({ "home/.ssh/id": "key" });
    await using there = await collector();
    const script = `exec "$0" --silent run --allow-cwd -- sh -c 'cat ~/.ssh/id; true "$1"' sh $'a\\xffb'`;
    await world.bare("bash", "-c", script, NONO);
    const env = { OTEL_EXPORTER_OTLP_HEADERS: "x-key=a%20b" };
    const sent = await world.nonoWith({ env }, ...otlp(there.url, ...JSON_FORM));
    expect(sent).toMatchObject({ code: 0, stdout: "", stderr: expect.stringContaining("events sent to") });
    const [first] = there.received;
    expect(first).toMatchObject({ url: "/v1/logs", headers: { "x-key": "a b" } });
    const [resource] = requestIn(first as Received).resourceLogs;
    const about = resource?.resource.attributes ?? [];
    expect(fieldOf(about, "service.name")).toEqual({ stringValue: "nono" });
    expect(fieldOf(about, "host.arch")).toEqual({ stringValue: process.arch === "x64" ? "amd64" : "arm64" });
    const records = recordsIn(there.received);
    const lines = (await world.nono("audit", "export")).stdout.trim().split("\n");
    expect(records.map(numberOf)).toEqual(lines.map((_, n) => ({ intValue: String(n) })));
    expect(records.find(({ eventName }) => eventName === "nono.audit.denied")).toMatchObject({
      severityText: "WARN",
    });
    expect(JSON.stringify(records)).toContain(
      `{"bytesValue":"${Buffer.from("a\xffb", "latin1").toString("base64")}"}`,
    );
    expect(outboxOf(world)).toEqual([]);
  });

  it("sends the same as protocol buffers", async () => {
    await using world = await makeWorld();
    await using there = await collector();
    await started(world, "true");
    await world.nono(...otlp(there.url, ...JSON_FORM));
    await world.nonoWith(
      { env: { OTEL_EXPORTER_OTLP_ENDPOINT: there.url } },
      "audit",
      "export",
      "--format",
      "otlp",
    );
    const [json, protobuf] = there.received as [Received, Received];
    expect(protobuf.headers["content-type"]).toBe("application/x-protobuf");
    expect(protobuf.url).toBe("/v1/logs");
    expect(protobuf.body.equals(encodeLogs(requestIn(json)))).toBe(true);
  });

  it("tries again, and what is not taken waits for the next start of nono", async () => {
    await using world = await makeWorld();
    await started(world, "true");
    await using busy = await collector(503, 429);
    expect(await world.nono(...otlp(busy.url, ...JSON_FORM))).toMatchObject({ code: 0 });
    expect(busy.received).toHaveLength(3);

    await using other = await collector(401);
    const refused = await world.nono(...otlp(other.url, ...JSON_FORM));
    expect(refused.code).toBe(1);
    expect(refused.stderr.replaceAll(/\s+/g, " ")).toMatch(/waits for .*answers 401.*--pending/);
    expect(outboxOf(world)).toHaveLength(1);
    expect((await world.nono("audit", "cleanup", "--keep", "0")).stdout).toContain("in use");
    expect(await world.nono("audit", "export", "--pending")).toMatchObject({ code: 0 });
    expect(recordsIn(other.received.slice(1)).map(numberOf)[0]).toEqual({ intValue: "0" });
    expect(outboxOf(world)).toEqual([]);
    expect((await world.nono("audit", "export", "--pending")).stderr).toContain("nothing waits");
  });

  it("goes on where it was killed: every event arrives", async () => {
    await using world = await makeWorld();
    await started(world, "i=0; while [ $i -lt 600 ]; do /usr/bin/true; i=$((i+1)); done");
    // The first batch is taken, the second one hangs.
    await using there = await collector(200, 0);
    const child = world.start(...otlp(there.url, ...JSON_FORM));
    await until(() => there.received.length === 2);
    child.kill("SIGKILL");
    await once(child, "exit");
    const [entry = ""] = outboxOf(world);
    const file = world.at(`home/.local/state/nono/audit/outbox/${entry}`);
    expect(JSON.parse(fs.readFileSync(file, "utf8"))).toMatchObject({ next: 500 });
    expect(await world.nono("audit", "export", "--pending")).toMatchObject({ code: 0 });
    const lines = (await world.nono("audit", "export")).stdout.trim().split("\n");
    const taken = [there.received[0] as Received, ...there.received.slice(2)];
    expect(recordsIn(taken).map(numberOf)).toEqual(lines.map((_, n) => ({ intValue: String(n) })));
  });

  it("refuses what it cannot send to, and secrets in a URL", async () => {
    await using world = await makeWorld();
    await started(world, "true");
    const failing = (...args: string[]) => world.nono("audit", "export", ...args);
    expect(await failing("--format", "otlp")).toMatchObject({ code: 1 });
    for (const url of ["ftp://x/", "http://me:secret@127.0.0.1/"])
      expect(await failing("--format", "otlp", "--endpoint", url)).toMatchObject({ code: 2 });
    expect((await failing("--format", "otlp", "--endpoint", "http://me:secret@h/")).stderr).not.toContain(
      "secret@",
    );
    expect(await failing("--endpoint", "http://127.0.0.1/")).toMatchObject({ code: 2 });
    expect(await failing("--pending", "--format", "otlp")).toMatchObject({ code: 2 });
    expect(outboxOf(world)).toEqual([]);
  });
});
