import { writeFileSync } from "node:fs";
import { type CanonicalPath, CapabilitySet, compilePlan, type QueriedPlan, queryPath } from "nono-ts";
import { realFiles } from "nono-ts/internal";
import { describe, expect, it } from "vitest";
import { makeTree } from "../../test/policy/fixtures.ts";
import { hostIn } from "../text/host.ts";
import { answerNetwork } from "./answer.ts";
import { documentOf, toJson } from "./document.ts";
import { readDocument } from "./read-document.ts";

const NOTHING = {
  version: "0",
  name: null,
  profile: "test",
  groups: [],
  command: null,
  ungrantable: [],
  networkSource: null,
  skipped: [],
  guard: { status: "not-asked" },
  secrets: [],
  blockedCommands: [],
} as const;

describe("the network of a document", () => {
  const read = (network: unknown) => {
    using tree = makeTree({});
    const set = new CapabilitySet();
    const plan = compilePlan(set, { platform: "darwin", commandPath: [], environment: {} });
    const document = documentOf({ ...NOTHING, capabilities: set.value(), plan });
    writeFileSync(tree.at("d.json"), toJson({ ...document, network }));
    return readDocument(tree.at("d.json"));
  };

  it("answers inside what it answers outside", () => {
    const { network } = new CapabilitySet().allowConnect("localhost", 80).allowConnect("10.0.0.5").value();
    const { plan, document } = read(network);
    const answers = (["127.0.0.9:80", "[::1]:81", "10.0.0.5:1", "10.0.0.6:80"] as const).map((text) => {
      const { host, port = 0 } = hostIn(text) ?? { host: "" };
      return answerNetwork(plan, document, { host, port }).status;
    });
    expect(answers).toEqual(["allowed", "denied", "allowed", "denied"]);
  });

  it("names the option that would do: a host, or on macOS the port where Seatbelt cannot name the host", () => {
    const { plan, document } = read({ mode: "none" });
    const landlock = { abi: 7, landlock: { rules: [], splits: [] }, supervision: undefined };
    const onLinux: QueriedPlan = { denials: [], blockedExecutables: [], ...landlock };
    const change = (on: QueriedPlan, host: string) => answerNetwork(on, document, { host, port: 80 }).change;
    expect(["10.0.0.5", "example.org", "::1", "127.0.0.9", "a b"].map((host) => change(plan, host))).toEqual([
      "--allow-connect-port 80",
      "--allow-connect-port 80",
      "--allow-connect localhost:80",
      "--allow-connect localhost:80",
      "--allow-connect-port 80",
    ]);
    expect(
      ["10.0.0.5", "example.org", "::1", "127.0.0.9", "a b"].map((host) => change(onLinux, host)),
    ).toEqual([
      "--allow-connect 10.0.0.5:80",
      "--allow-connect example.org:80",
      "--allow-connect '[::1]:80'",
      "--allow-connect 127.0.0.9:80",
      "--allow-connect-port 80",
    ]);
  });

  it("has no hosts where it is from before they could be named", () => {
    const network = { mode: "ports", connect: [443], listen: [] };
    expect(read(network).document.network).toEqual({ ...network, hosts: [] });
  });

  it.each([[{}], [[{ host: 1 }]], [[{ host: "a", addresses: "all", source: "" }]]])(
    "is not believed with hosts that are none: %j",
    (hosts) =>
      expect(() => read({ mode: "ports", connect: [], listen: [], hosts })).toThrow("does not describe"),
  );
});

describe("the document of a sandbox on macOS", () => {
  it("answers inside what the plan answers outside", () => {
    using tree = makeTree({ "work/file": "", "work/secret": "", other: "" });
    const at = (name: string) => tree.at(name) as CanonicalPath;
    const set = new CapabilitySet()
      .allowPath(at("work"), "read+write")
      .allowFile(at("other"), "read+write")
      .denyPath(at("work/secret"));
    const plan = compilePlan(set, { platform: "darwin", commandPath: [], environment: {} });
    const file = at("sandbox.json");
    writeFileSync(file, toJson(documentOf({ ...NOTHING, capabilities: set.value(), plan })));

    const read = readDocument(file).plan;
    for (const name of [
      "work/file",
      "work/secret",
      "work/SECRET",
      "work/new",
      "other",
      "other.tmp.1",
      "none",
    ])
      for (const access of ["read", "write"] as const) {
        const question = { path: at(name), access };
        expect(queryPath(read, question), `${access} ${name}`).toEqual(queryPath(plan, question, realFiles));
      }
  });

  it.each([
    [{ rules: [{ action: "permit", operations: [], filters: [] }] }, "permit"],
    [{ rules: [{ action: "allow", operations: "all", filters: [] }] }, "operations is not a list"],
    [{ rules: [{ action: "allow", operations: [], filters: [{ kind: "regex", pattern: "(" }] }] }, "Invalid"],
    [
      { rules: [{ action: "allow", operations: [], filters: [{ kind: "literal", path: "a" }] }] },
      "canonical",
    ],
    [null, "seatbelt is not an object"],
  ])("is not believed where it is no such document: %j", (seatbelt, reason) => {
    using tree = makeTree({});
    const document = {
      format: 1,
      landlock: null,
      seatbelt,
      commands: { executables: [], blocked: [] },
      denials: [],
    };
    writeFileSync(
      tree.at("d.json"),
      JSON.stringify({ ...document, ungrantable: [], network: { mode: "all" } }),
    );
    expect(() => readDocument(tree.at("d.json"))).toThrow(reason);
  });
});
