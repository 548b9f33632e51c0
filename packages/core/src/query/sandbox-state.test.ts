import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { at } from "../../test/support/memory-files.ts";
import { type Capabilities, CapabilitySet, ipAddressOf } from "../capability/index.ts";
import { SandboxState } from "./sandbox-state.ts";

const aPath = fc
  .array(
    fc.string({ minLength: 1, maxLength: 8 }).map((part) => part.replaceAll(/[/\0]|^\.+$/g, "_")),
    { maxLength: 4 },
  )
  .map((parts) => at(`/${parts.join("/")}`));
const aText = fc.string({ unit: fc.constantFrom("a", "ü", "\udcff", "\n", '"') });
const anAccess = fc.constantFrom("read" as const, "write" as const, "read+write" as const);
const aPort = fc.integer({ min: 1, max: 65_535 });
const someHost = fc
  .record({
    host: aText,
    addresses: fc.oneof(
      fc.constant("loopback" as const),
      fc.array(
        fc.oneof(fc.ipV4(), fc.ipV6()).map((text) => ipAddressOf(text) ?? "::1"),
        { maxLength: 3 },
      ),
    ),
    port: fc.option(aPort, { nil: undefined }),
    source: aText,
  })
  .map(({ port, ...host }) => (port === undefined ? host : { ...host, port }));
const aCommand = aText.map((text) => `c${text}`);
const someRules = fc.array(fc.record({ name: aCommand, source: aText }), { maxLength: 3 });

const someCapabilities: fc.Arbitrary<Capabilities> = fc.record({
  fs: fc.array(
    fc.record({
      original: aText,
      path: aPath,
      kind: fc.constantFrom("file" as const, "directory" as const),
      access: anAccess,
      source: aText,
    }),
    { maxLength: 4 },
  ),
  denials: fc.array(
    fc.record(
      {
        original: aText,
        path: aPath,
        access: anAccess,
        source: aText,
        asks: aText,
        removable: fc.constant(true as const),
      },
      { requiredKeys: ["original", "path", "access", "source"] },
    ),
    { maxLength: 4 },
  ),
  network: fc.oneof(
    fc.constant({ mode: "all" as const }),
    fc.constant({ mode: "none" as const }),
    fc.record({
      mode: fc.constant("ports" as const),
      connect: fc.uniqueArray(aPort),
      listen: fc.uniqueArray(aPort),
      hosts: fc.array(someHost, { maxLength: 3 }),
    }),
  ),
  unixSockets: fc.array(
    fc.record({
      path: aPath,
      scope: fc.constantFrom("socket" as const, "directory" as const, "subtree" as const),
      bind: fc.boolean(),
      source: aText,
    }),
    { maxLength: 3 },
  ),
  processes: fc.constantFrom("sandbox" as const, "any" as const),
  commands: fc.record({ allowed: someRules, blocked: someRules }),
  userNamespaces: fc.boolean(),
  environment: fc.option(
    fc.dictionary(fc.string({ unit: fc.constantFrom("A", "B", "_"), minLength: 1 }), aText),
    { nil: undefined },
  ),
  limits: fc.record({ nofile: fc.nat(), cpu: fc.constant("infinity" as const) }),
  platformRules: fc.array(aText, { maxLength: 3 }),
});

describe("SandboxState", () => {
  it("loses nothing in a round trip", () =>
    fc.assert(
      fc.property(someCapabilities, (capabilities) => {
        const json = SandboxState.fromCaps(CapabilitySet.of(capabilities)).toJson();
        const back = SandboxState.fromJson(json);
        expect(back.toCaps().value()).toEqual(capabilities);
        expect(JSON.parse(back.toJson())).toEqual(JSON.parse(json));
        expect(back.netBlocked).toBe(capabilities.network.mode === "none");
      }),
    ));

  it("refuses whatever it does not understand whole", () => {
    const good = JSON.parse(SandboxState.fromCaps(new CapabilitySet()).toJson());
    const grant = { original: "a", path: "/a", kind: "file", access: "read", source: "s" };
    const host = { host: "a", addresses: ["10.0.0.1"], source: "s" };
    const changed = (change: object) =>
      JSON.stringify({ ...good, capabilities: { ...good.capabilities, ...change } });
    for (const json of [
      "",
      "null",
      "[]",
      JSON.stringify({ ...good, format: 2 }),
      changed({ fs: {} }),
      changed({ fs: [{ ...grant, access: "all" }] }),
      changed({ fs: [{ ...grant, path: "relative" }] }),
      changed({ fs: [{ ...grant, path: "/a/../b" }] }),
      changed({ network: { mode: "ports", connect: [0], listen: [] } }),
      ...[
        { ...host, addresses: ["localhost"] },
        { ...host, addresses: ["::ffff:10.0.0.1"] },
        { ...host, addresses: "all" },
        { ...host, port: 0 },
        { ...host, source: undefined },
      ].map((one) => changed({ network: { mode: "ports", connect: [], listen: [], hosts: [one] } })),
      changed({ denials: undefined }),
      changed({ unknown: 1 }),
      changed({ limits: { nofile: -1 } }),
      changed({ limits: { nofiles: 1 } }),
    ])
      expect(() => SandboxState.fromJson(json), json).toThrow("not a sandbox state");
    expect(
      SandboxState.fromJson(changed({ fs: [grant] }))
        .toCaps()
        .fsCapabilities(),
    ).toHaveLength(1);
  });

  it("takes a network from before hosts could be named as one without", () => {
    const good = JSON.parse(SandboxState.fromCaps(new CapabilitySet()).toJson());
    const network = { mode: "ports", connect: [443], listen: [] };
    const state = JSON.stringify({ ...good, capabilities: { ...good.capabilities, network } });
    expect(SandboxState.fromJson(state).toCaps().value().network).toEqual({ ...network, hosts: [] });
  });
});
