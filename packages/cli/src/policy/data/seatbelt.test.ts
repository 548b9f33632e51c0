// What the built-in profiles and the first examples come to on macOS, as text that sandbox_init(3) takes.

import { type CanonicalPath, type Capabilities, CapabilitySet, compilePlan, type FileView } from "nono-ts";
import type { ResolvedPath } from "nono-ts/internal";
import { describe, expect, it } from "vitest";
import { policyFrom } from "../../../test/policy/fixtures.ts";
import { capabilitiesOf } from "../capabilities-of.ts";
import type { PolicyFlags } from "../flags.ts";
import { configDirectory, stateDirectory } from "../placed/protected-roots.ts";
import type { Layer } from "../profile/load.ts";
import { variablesOf } from "../variables.ts";
import { PROFILES } from "./profiles.ts";

const VARIABLES = variablesOf({
  home: "/Users/user",
  workdir: "/Users/user/project",
  tmpdir: "/private/var/folders/xx/nono/session/tmp",
  uid: 501,
  terminal: "/dev/ttys004",
  env: {},
});

/** Nothing is looked up: what a profile names is there, by its name on macOS. */
const NOTHING: FileView = {
  kindOf: () => "missing",
  list: () => undefined,
  identityOf: () => undefined,
  identityBehind: () => undefined,
  linkTarget: () => undefined,
};

const FILE = /^\/dev\/(?!fd$)|\.(plist|json|zshrc)$|\/\.gitconfig$|\/git\/(config|ignore|attributes)$|_link$/;

function resolve(path: string): ResolvedPath {
  const real = path.replace(/^\/(tmp|etc|var)(?=\/|$)/, "/private/$1") as CanonicalPath;
  return { path: real, kind: FILE.test(real) ? "file" : "directory", links: [] };
}

function seatbeltOf(layers: readonly Layer[], flags: Partial<PolicyFlags> = {}): string {
  const cwd = "/Users/user/project";
  const policy = policyFrom([], flags, {
    chain: { name: "test", reference: "test", files: [], layers },
    variables: VARIABLES,
    cwd,
    platform: "macos",
  });
  const roots = [configDirectory(VARIABLES), stateDirectory(VARIABLES)] as CanonicalPath[];
  const { capabilities } = capabilitiesOf(policy, { workdir: cwd, protectedRoots: roots }, resolve);
  return textOf(capabilities);
}

function textOf(capabilities: Capabilities): string {
  const options = { platform: "darwin", view: NOTHING, commandPath: [], environment: {} } as const;
  return compilePlan(capabilities, options).seatbelt.text;
}

const builtIn = (name: string): Layer => ({ name, source: `profile:${name}`, profile: PROFILES[name] ?? {} });
const layersOf = (name: string) => [...new Set(["default", name])].map(builtIn);

describe("a built-in profile on macOS", () => {
  it.each(Object.keys(PROFILES))("%s", async (name) => {
    await expect(seatbeltOf(layersOf(name))).toMatchFileSnapshot(`./profiles/${name}.golden.sb`);
  });
});

describe("a limited network on macOS", () => {
  it.each([
    ["network-localhost", new CapabilitySet().allowConnect("localhost")],
    [
      "network-ports",
      new CapabilitySet().allowConnect("localhost", 5432).allowConnectPort(443).allowListenPort(80),
    ],
  ])("%s", async (name, set) => {
    await expect(textOf(set.value())).toMatchFileSnapshot(`../../../test/policy/seatbelt/${name}.golden.sb`);
  });
});

describe("an example of the README on macOS", () => {
  const capabilities = new CapabilitySet().value();
  const directory = (path: string, access: "read" | "write" | "read+write") => ({
    original: path,
    path: path as CanonicalPath,
    kind: "directory" as const,
    access,
    source: "allowPath",
  });
  /** As the seed of the project has it, with its groups. */
  const own: Layer = {
    name: "claude-code",
    source: "profile:claude-code",
    profile: {
      security: { groups: ["user_caches_macos", "node_runtime", "rust_runtime", "unlink_protection"] },
      filesystem: { allow: ["$HOME/.claude"], read_file: ["$HOME/.gitconfig"] },
    },
  };

  it.each([
    ["read-and-write", () => seatbeltOf(layersOf("default"), { read: ["./src"], write: ["./output"] })],
    ["opencode-subdirectories", () => seatbeltOf(layersOf("opencode"), { allowCwd: ["src", "output"] })],
    ["openclaw-here", () => seatbeltOf(layersOf("openclaw"), { allowCwd: ["."] })],
    ["own-groups", () => seatbeltOf([builtIn("default"), own])],
    [
      "library",
      () =>
        textOf({
          ...capabilities,
          fs: [directory("/data/models", "read"), directory("/tmp/workspace", "read+write")],
        }),
    ],
  ])("%s", async (name, make) => {
    await expect(make()).toMatchFileSnapshot(`../../../test/policy/seatbelt/${name}.golden.sb`);
  });
});
