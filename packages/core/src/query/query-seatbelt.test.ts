import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { at, memoryFiles } from "../../test/support/memory-files.ts";
import { type Profile, readProfile } from "../../test/support/sbpl.ts";
import {
  type AccessHalf,
  type Capabilities,
  CapabilitySet,
  halvesOf,
  isLoopback,
} from "../capability/index.ts";
import { isWithin } from "../files/canonical-path.ts";
import { compilePlan } from "../plan/compile.ts";
import { QueryContext } from "./query-context.ts";
import { queryPath } from "./query-plan.ts";

/** Few names, some of which are one on a volume of macOS, so that policies meet. */
const aPath = fc
  .array(fc.constantFrom("a", "b", "A", "k", "\u212a", '"', "é"), { minLength: 1, maxLength: 4 })
  .map((names) => at(`/n/${names.join("/")}`));
const ACCESSES = ["read", "write", "read+write"] as const;
const anAccess = fc.constantFrom(...ACCESSES);

const aGrant = fc.record({
  path: aPath,
  kind: fc.constantFrom("directory", "file"),
  access: anAccess,
});
const aDenial = fc.record({ path: aPath, access: anAccess });

const aPolicy = fc
  .record({
    fs: fc.array(aGrant, { maxLength: 5 }),
    denials: fc.array(aDenial, { maxLength: 4 }),
    unlinkProtection: fc.boolean(),
  })
  .map(({ fs, denials, unlinkProtection }) => {
    const capabilities: Capabilities = {
      ...new CapabilitySet().value(),
      fs: fs
        .filter((one) => !denials.some((denial) => isWithin(one.path, denial.path)))
        .map((one) => ({ ...one, original: one.path, source: "grant" })),
      denials: denials.map((one) => ({ ...one, original: one.path, source: "denial" })),
      platformRules: unlinkProtection ? ["(deny file-write-unlink)"] : [],
    };
    return capabilities;
  });

const aPort = fc.constantFrom(53, 80, 443);
const anAddress = fc.constantFrom("127.0.0.1", "::1", "192.0.2.1", "2001:db8::1");
const aNetwork = fc
  .record({
    blocked: fc.boolean(),
    connect: fc.array(aPort, { maxLength: 1 }),
    own: fc.array(fc.option(aPort, { nil: undefined }), { maxLength: 2 }),
  })
  .map(({ blocked, connect, own }) => {
    const set = blocked ? new CapabilitySet().blockNetwork() : new CapabilitySet();
    for (const port of connect) set.allowConnectPort(port);
    for (const port of own) set.allowConnect("localhost", port);
    return set;
  });

const view = memoryFiles({ "/n/a/b": "file", "/n/b": "directory", "/n/A/A": "file" });

function planOf(capabilities: Capabilities) {
  return compilePlan(capabilities, { platform: "darwin", view, commandPath: [], environment: {} });
}

function kernelAllows(profile: Profile, path: string, half: AccessHalf): boolean {
  if (half === "read") return profile.allows("file-read-data", { path });
  const made = view.kindOf(at(path)) === "missing";
  return (
    profile.allows("file-write-data", { path }) && (!made || profile.allows("file-write-create", { path }))
  );
}

describe("nono why for macOS", () => {
  it("agrees with what the profile's text says, on any policy and question", () =>
    fc.assert(
      fc.property(aPolicy, fc.array(aPath, { minLength: 1, maxLength: 8 }), (capabilities, paths) => {
        const plan = planOf(capabilities);
        const profile = readProfile(plan.seatbelt.text);
        const questions = paths.flatMap((path) => ACCESSES.map((access) => ({ path, access })));
        const expected = questions.map(({ path, access }) =>
          halvesOf(access).every((half) => kernelAllows(profile, path, half)),
        );
        const answers = questions.map((question) => queryPath(plan, question, view));
        expect(answers.map(({ status }) => status === "allowed")).toEqual(expected);
        for (const { status, rule } of answers) if (status === "allowed") expect(rule?.source).toBe("grant");
      }),
      { numRuns: 300 },
    ));

  it("allows nothing that no grant covers, and nothing that is denied", () =>
    fc.assert(
      fc.property(aPolicy, aPath, fc.constantFrom("read", "write"), (capabilities, path, half) => {
        const { fs, denials } = capabilities;
        const isOfHalf = ({ access }: { access: Capabilities["fs"][number]["access"] }) =>
          halvesOf(access).includes(half);
        const granted = fs
          .filter(isOfHalf)
          .some((one) => (one.kind === "file" ? one.path === path : isWithin(path, one.path)));
        // A granted file may be written anew beside itself.
        const saved = fs.some(
          (one) => one.kind === "file" && one.access !== "read" && beside(path, one.path),
        );
        const denied = denials.filter(isOfHalf).some((one) => isWithin(path, one.path));
        const { status } = queryPath(planOf(capabilities), { path, access: half }, view);
        if (denied || !(granted || saved)) expect(status).toBe("denied");
        if (granted && denials.length === 0) expect(status).toBe("allowed");
      }),
      { numRuns: 300 },
    ));

  it("agrees with the profile's text on every connection that a profile can tell apart", () =>
    fc.assert(
      fc.property(aNetwork, anAddress, aPort, (set, host, port) => {
        const profile = readProfile(planOf(set.value()).seatbelt.text);
        const remote = { protocol: "tcp", port, loopback: isLoopback(host) } as const;
        const { status } = new QueryContext(set).queryConnect({ host, port });
        expect(status === "allowed").toBe(profile.allows("network-outbound", { remote }));
      }),
    ));

  it("is not asked about hosts that Seatbelt cannot name: there is no such plan", () =>
    fc.assert(
      fc.property(aNetwork, anAddress, (set, host) => {
        const capabilities = set.allowConnect(host).value();
        expect(() => planOf(capabilities)).toThrow(
          `protection network is not available: of hosts Seatbelt can name localhost only, and not ${host}: open its port`,
        );
      }),
    ));

  it("names the denial, and the grant that is not enough", () => {
    const plan = planOf({
      ...new CapabilitySet().value(),
      fs: [{ original: "/n", path: at("/n"), kind: "directory", access: "read", source: "--read" }],
      denials: [{ original: "/n/a", path: at("/n/a"), access: "read+write", source: "group:x" }],
    });
    expect(queryPath(plan, { path: "/n/a/b", access: "read" }, view)).toMatchObject({
      status: "denied",
      withheld: { path: "/n/a", source: "group:x" },
    });
    expect(queryPath(plan, { path: "/n/b", access: "write" }, view)).toMatchObject({
      status: "denied",
      granted: "read",
      rule: { path: "/n", source: "--read" },
    });
  });

  it("knows a path by its name on macOS", () => {
    const plan = planOf({
      ...new CapabilitySet().value(),
      fs: [{ original: "/tmp", path: at("/tmp"), kind: "directory", access: "read", source: "--read" }],
    });
    expect(queryPath(plan, { path: "/tmp/nowhere/x", access: "read" }, view)).toMatchObject({
      status: "allowed",
      path: "/private/tmp/nowhere/x",
    });
  });
});

function beside(path: string, file: string): boolean {
  const [directory, name] = [file.slice(0, file.lastIndexOf("/") + 1), file.slice(file.lastIndexOf("/") + 1)];
  const other = path.slice(directory.length);
  return path.startsWith(directory) && !other.includes("/") && other.includes(name);
}
