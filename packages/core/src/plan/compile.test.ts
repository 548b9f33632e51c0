import { describe, expect, it } from "vitest";
import { at, memoryFiles } from "../../test/support/memory-files.ts";
import { type Capabilities, CapabilitySet } from "../capability/index.ts";
import { handledFs, rightNames, rightsOf } from "../landlock/rights.ts";
import { type CompileOptions, compilePlan } from "./compile.ts";
import type { LinuxPlan } from "./plan.ts";

const view = memoryFiles({ "/work/secret": "file", "/work/notes": "file", "/data": "directory" });

const grant = (path: string, access: "read" | "write" | "read+write") =>
  ({ original: path, path: at(path), kind: "directory", access, source: "test" }) as const;

function compile(change: Partial<Capabilities>, options: CompileOptions = {}): LinuxPlan {
  const capabilities = { ...new CapabilitySet().value(), environment: {}, ...change };
  return compilePlan(capabilities, {
    abi: 7,
    arch: "x86_64",
    view,
    commandPath: [],
    ...options,
    platform: "linux",
  });
}

const READ_OF_ENTRIES = {
  files: rightsOf("read", "file", 7),
  directories: rightsOf("read", "directory", 7),
  source: "test",
};

const standing = (plan: LinuxPlan, name: string) => plan.protections.find((one) => one.name === name);

describe("compilePlan", () => {
  it("handles every right of the ABI, and gives each grant the rights of its access", () => {
    const { landlock } = compile({ fs: [grant("/work", "read"), grant("/data", "write")] });
    expect(landlock.handledFs).toBe(handledFs(7));
    expect(landlock.rules.map((rule) => [rule.path, rightNames(rule.rights)])).toEqual([
      ["/work", ["EXECUTE", "READ_FILE", "READ_DIR"]],
      [
        "/data",
        rightNames(handledFs(7)).filter((name) => !["EXECUTE", "READ_FILE", "READ_DIR"].includes(name)),
      ],
    ]);
  });

  it("merges rules on one path and keeps both sources", () => {
    const { landlock } = compile({
      fs: [grant("/work", "read"), { ...grant("/work", "write"), source: "other" }],
    });
    expect(landlock.rules).toEqual([
      { path: "/work", rights: handledFs(7), optional: false, source: "test, other" },
    ]);
  });

  it("lets only the directories inside of a split grant be missing when the launcher opens them", () => {
    const denials = [
      { original: "", path: at("/work/sub/secret"), access: "read+write" as const, source: "test" },
    ];
    const sub = memoryFiles({ "/work/sub/secret": "file", "/work/notes": "file" });
    const { landlock } = compile({ fs: [grant("/work", "read")], denials }, { view: sub });
    expect(landlock.rules.map((rule) => [rule.path, rule.optional])).toEqual([
      ["/work", false],
      ["/work/sub", true],
    ]);
    expect(landlock.splits).toEqual([
      { ...READ_OF_ENTRIES, directory: "/work/sub", leftOut: ["secret"], optional: true },
      { ...READ_OF_ENTRIES, directory: "/work", leftOut: ["sub"], optional: false },
    ]);
  });

  it("refuses a grant in a denied path", () => {
    const denials = [{ original: "", path: at("/work"), access: "read+write" as const, source: "group:x" }];
    expect(() => compile({ fs: [grant("/work/sub", "read")], denials })).toThrow(
      "test /work/sub lies in /work, which group:x denies",
    );
  });

  it("refuses to plan for what the kernel cannot do when it was asked for, and only then", () => {
    const network = { mode: "ports" as const, connect: [443], listen: [], hosts: [] };
    expect(() => compile({ network }, { abi: 3 })).toThrow("protection network is not available");
    expect(standing(compile({ network }, { abi: 3, mayBeMissing: ["network"] }), "network")?.status).toBe(
      "unavailable",
    );
    for (const option of ["require", "mayBeMissing"])
      expect(() => compile({}, { [option]: ["signal" as "signals"] })).toThrow(
        new RegExp(`^${option} signal: expected one of file-grants, `),
      );
    expect(() => compile({}, { abi: 5, require: ["signals"] })).toThrow(
      "protection signals is not available",
    );
  });

  it.each([
    { abi: 1, missing: ["truncate", "device-ioctl", "signals", "abstract-sockets"] },
    { abi: 3, missing: ["device-ioctl", "signals", "abstract-sockets"] },
    { abi: 5, missing: ["signals", "abstract-sockets"] },
    { abi: 7, missing: [] },
  ])("says what a kernel with ABI $abi lacks", ({ abi, missing }) => {
    const plan = compile({}, { abi });
    const unavailable = plan.protections.filter((one) => one.status === "unavailable").map((one) => one.name);
    expect(unavailable.filter((name) => name !== "metadata" && name !== "scheduling").sort()).toEqual(
      [...missing].sort(),
    );
    expect(plan.landlock.handledFs).toBe(handledFs(abi));
  });

  it("leaves the scopes out of a plan for threads that would end in domains of their own", () => {
    expect(compile({}).landlock.scoped).not.toBe(0n);
    const inProcess = compile({}, { target: "process" });
    expect(inProcess.landlock.scoped).toBe(0n);
    expect(standing(inProcess, "signals")).toMatchObject({ status: "unavailable" });
    expect(compile({}, { target: "process", abi: 8 }).landlock.scoped).not.toBe(0n);
  });

  it("opens ports by rule, and handles ports only where they are limited", () => {
    expect(compile({}).landlock).toMatchObject({ handledNet: 0n, ports: [] });
    expect(compile({ network: { mode: "none" } }).landlock).toMatchObject({ handledNet: 3n, ports: [] });
    const ports = compile({
      network: { mode: "ports", connect: [443, 80], listen: [80], hosts: [] },
    }).landlock.ports;
    expect(ports).toEqual([
      { port: 443, rights: 2n },
      { port: 80, rights: 3n },
    ]);
  });

  it("leaves hosts to a supervisor, without a rule of the kernel, and refuses them without one", () => {
    const { network } = new CapabilitySet().allowConnect("localhost", 5432).allowConnect("10.0.0.1").value();
    const plan = compile({ network }, { supervisor: true });
    expect(plan.landlock).toMatchObject({ handledNet: 3n, ports: [] });
    expect(plan.supervision?.internet).toBe(false);
    expect(plan.supervision?.destinations).toEqual([{ host: "localhost", port: 5432 }, { host: "10.0.0.1" }]);
    expect(standing(plan, "network")).toEqual({ name: "network", status: "enforced", by: "supervisor" });
    for (const options of [{}, { target: "process" as const }])
      expect(() => compile({ network }, options)).toThrow(
        "protection network is not available: only a supervisor can tell localhost from other hosts, and there is none",
      );
  });

  it("shuts unix sockets where none is granted, and is honest where one is and nobody can tell them apart", () => {
    expect(standing(compile({}), "unix-sockets")).toMatchObject({ status: "enforced", by: "seccomp" });
    const socket = { path: at("/run/x"), scope: "socket" as const, bind: false, source: "test" };
    expect(standing(compile({ unixSockets: [socket] }), "unix-sockets")).toMatchObject({
      status: "unavailable",
    });
    expect(standing(compile({ unixSockets: [socket] }, { abi: 9 }), "unix-sockets")).toMatchObject({
      by: "landlock",
    });
  });

  it("takes the variables of the set before those of the caller", () => {
    expect(compile({ environment: { A: "1" } }, { environment: { B: "2" } }).environment).toEqual({ A: "1" });
    expect(compile({ environment: undefined }, { environment: { B: "2" } }).environment).toEqual({ B: "2" });
  });

  it("sets soft and hard limits alike", () => {
    expect(compile({ limits: { nofile: 64, core: "infinity" } }).limits).toEqual([
      { resource: 7, soft: 64n, hard: 64n },
      { resource: 4, soft: 0xffff_ffff_ffff_ffffn, hard: 0xffff_ffff_ffff_ffffn },
    ]);
  });
});
