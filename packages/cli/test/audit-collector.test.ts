// What a real OpenTelemetry Collector, which NONO_OTELCOL names, makes of an exported record.

import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net, { type AddressInfo } from "node:net";
import { expect } from "vitest";
import { itWhere } from "../../core/test/support/requires.ts";
import { makeWorld, NONO, until, type World } from "./support/world.ts";

const OTELCOL = process.env.NONO_OTELCOL;

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** One that shows in detail all that it gets. */
async function otelcol(world: World) {
  const endpoint = `127.0.0.1:${await freePort()}`;
  const config = {
    receivers: { otlp: { protocols: { http: { endpoint } } } },
    exporters: { debug: { verbosity: "detailed" } },
    service: {
      telemetry: { metrics: { level: "none" } },
      pipelines: { logs: { receivers: ["otlp"], exporters: ["debug"] } },
    },
  };
  fs.writeFileSync(world.at("collector.json"), JSON.stringify(config));
  const child = spawn(OTELCOL ?? "", ["--config", world.at("collector.json")], { env: world.env });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
  await until(() => said.includes("Everything is ready") || child.exitCode !== null);
  return {
    url: `http://${endpoint}`,
    /** The records that came since the last call, as soon as `last` is among them. */
    async shown(last: string): Promise<string> {
      await until(() => said.includes(last) && said.endsWith("}\n"));
      const lines = said.split("\n").filter((line) => !/^\d{4}-|^\t/.test(line));
      said = "";
      return lines.join("\n");
    },
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await once(child, "exit");
    },
  };
}

itWhere(OTELCOL !== undefined, "NONO_OTELCOL")(
  "arrives in a real collector with every field, and the same in both forms",
  async () => {
    await using world = await makeWorld({ "home/.ssh/id": "key" });
    await using there = await otelcol(world);
    const script = `exec "$0" --silent run --allow-cwd -- sh -c 'cat ~/.ssh/id; true "$1" "é" ""' sh $'a\\xffb'`;
    await world.bare("bash", "-c", script, NONO);
    const sent: string[] = [];
    for (const protocol of ["http/json", "http/protobuf"]) {
      const to = ["--format", "otlp", "--endpoint", there.url, "--protocol", protocol];
      expect(await world.nono("audit", "export", ...to)).toMatchObject({ code: 0 });
      sent.push(await there.shown("nono.audit.end"));
    }
    const [json = "", protobuf] = sent;
    expect(protobuf).toBe(json);
    for (const line of (await world.nono("audit", "export")).stdout.trim().split("\n")) {
      const { n, kind, at } = JSON.parse(line);
      const record = json.split(/^LogRecord #/m).find((one) => one.includes(`nono.audit.n: Int(${n})`));
      expect(record).toContain(`EventName: nono.audit.${kind}\n`);
      expect(record).toContain(`\nTimestamp: ${at.replace("T", " ").replace(/\.?0*Z$/, "")} +0000 UTC\n`);
      expect(record).toContain(kind === "denied" ? "SeverityNumber: Warn(13)" : "SeverityNumber: Info(9)");
    }
    expect(json).toContain(`file.path: Str(${world.home}/.ssh/id)`);
    expect(json).toContain(Buffer.from("a\xffb", "latin1").toString("base64"));
    expect(json).toMatch(/service\.name: Str\(nono\)/);
  },
);
