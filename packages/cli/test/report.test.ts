import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { itWhere } from "../../core/test/support/requires.ts";
import { makeWorld } from "./support/world.ts";

type Report = { denials: { subject: Record<string, unknown>; change: string | null; because: string }[] };

describe("the report of what was refused", () => {
  it("names each thing once, why it was refused and the option that allows it", async () => {
    await using world = await makeWorld({ "home/.ssh/id": "s", "out/file": "o" });
    const script = `cat ~/.ssh/id; cat ${world.at("out/file")}; cat ${world.at("out/file")}; echo x > ${world.at("out/new")}`;
    const { stderr, code } = await world.nono("run", "--allow-cwd", "--", "sh", "-c", script);
    expect(code).not.toBe(0);
    const report = stderr.slice(stderr.indexOf("nono: refused")).replaceAll(/\n {10,}/g, " "); // lines that were wrapped
    expect(report.replaceAll(world.root, "")).toBe(`nono: refused 3 things
  read /home/.ssh/id
    because  group:deny_credentials denies /home/.ssh
    by       cat
    to allow --bypass-protection /home/.ssh --read-file /home/.ssh/id
  read /out/file
    because  no grant covers it
    by       cat, 2 times
    to allow --read-file /out/file
  write /out/new
    because  no grant covers it
    by       sh
    to allow --write /out
`);
  });

  itWhere(existsSync("/usr/bin/python3"), "/usr/bin/python3")(
    "tells of the network that is not granted: sockets, ports and addresses",
    async () => {
      await using world = await makeWorld({});
      const json = world.at("report.json");
      const script = `
import socket
attempts = [
    lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
    lambda: socket.socket().connect(("127.0.0.1", 81)),
    lambda: socket.socket().bind(("127.0.0.1", 8099)),
]
for attempt in attempts:
    try: attempt()
    except PermissionError: print("refused")
`;
      const run = async (...options: string[]) => {
        const words = [
          "run",
          "-s",
          "--allow-cwd",
          "--diagnostics-json",
          json,
          ...options,
          "--",
          "/usr/bin/python3",
          "-c",
          script,
        ];
        expect((await world.nono(...words)).stdout).toBe("refused\n".repeat(3));
        const { denials } = JSON.parse(world.read("report.json")) as Report;
        return denials.map(({ subject, change }) => [subject.kind, change]);
      };
      expect(await run("--block-net")).toEqual([
        ["network", null],
        ["network", "--allow-connect HOST:PORT"],
      ]);
      expect(await run("--allow-connect-port", "443")).toEqual([
        ["network", null],
        ["address", "--allow-connect 127.0.0.1:81"],
        ["listen", "--listen-port 8099"],
      ]);
    },
  );

  it("is exact: what it names opens what it names", async () => {
    await using world = await makeWorld({ "out/file": "o" });
    const file = world.at("out/file");
    const json = world.at("report.json");
    await world.nono("run", "--diagnostics-json", json, "--", "cat", file);
    const { denials } = JSON.parse(world.read("report.json")) as Report;
    expect(denials).toMatchObject([
      { subject: { kind: "path", path: file, access: "read" }, because: "no grant covers it" },
    ]);
    const options = denials[0]?.change?.split(" ") ?? [];
    expect(await world.nono("run", "-s", ...options, "--", "cat", file)).toMatchObject({
      code: 0,
      stdout: "o",
    });
  });

  it("blames neither missing files nor the file system's own permissions on the sandbox", async () => {
    await using world = await makeWorld({ "project/file": "f" });
    const script = "cat missing ~/missing /nonexistent/x; test -e ~/.ssh; cat file";
    const { stderr } = await world.nono("run", "--allow-cwd", "--", "sh", "-c", script);
    expect(stderr).not.toContain("nono: refused");
  });

  it("tells unix sockets, metadata and renamed copies of blocked commands apart", async () => {
    await using world = await makeWorld({ "project/": "", "out/file": "o" });
    const daemon = createServer();
    await new Promise<void>((resolve) => daemon.listen(world.at("out/daemon"), resolve));
    const attack = `import os, socket
try: socket.socket(socket.AF_UNIX).connect("${world.at("out/daemon")}")
except OSError: pass
try: os.chmod("${world.at("out/file")}", 0o777)
except OSError: pass`;
    const json = world.at("report.json");
    await world.nono(
      "run",
      "-s",
      "--allow-cwd",
      "--diagnostics-json",
      json,
      "--",
      "/usr/bin/python3",
      "-c",
      attack,
    );
    daemon.close();
    const { denials } = JSON.parse(world.read("report.json")) as Report;
    expect(denials.map((denial) => [denial.subject.kind, denial.change])).toEqual([
      ["socket", `--allow-unix-socket ${world.at("out/daemon")}`],
      ["path", `--write-file ${world.at("out/file")}`],
    ]);
  });

  it("is not shown with --no-diagnostics, and not one byte of it with -s", async () => {
    await using world = await makeWorld({ "out/file": "o" });
    const { stderr } = await world.nono("run", "--no-diagnostics", "--", "cat", world.at("out/file"));
    expect(stderr).not.toContain("refused");
    const silent = await world.nono("run", "-s", "--", "cat", world.at("out/file"));
    expect(silent.stderr).toBe(`cat: ${world.at("out/file")}: Permission denied\n`);
  });
});
