// Values that the tests of the policy start from: one fixed machine, and a home that is really there.

import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { NO_FLAGS, type PolicyFlags } from "../../src/policy/flags.ts";
import type { Profile } from "../../src/policy/form/profile-form.ts";
import { BUILT_IN } from "../../src/policy/group/catalog.ts";
import type { Policy } from "../../src/policy/policy.ts";
import type { Layer } from "../../src/policy/profile/load.ts";
import { type PolicyRequest, resolvePolicy } from "../../src/policy/resolve/resolve.ts";
import { type Variables, variablesOf } from "../../src/policy/variables.ts";

/** A machine that is nobody's: the same in every run. */
export const FIXED_VARIABLES: Variables = variablesOf({
  home: "/home/user",
  workdir: "/home/user/project",
  tmpdir: "/tmp/nono-1000/session/tmp",
  uid: 1000,
  terminal: "/dev/pts/7",
  env: { XDG_RUNTIME_DIR: "/run/user/1000" },
});

export function layer(profile: Profile, name = "test"): Layer {
  return { name, source: `profile:${name}`, profile };
}

/** The policy of profiles that are given as values, on the fixed machine where nothing else is said. */
export function policyFrom(
  profiles: readonly Profile[],
  flags: Partial<PolicyFlags> = {},
  request: Partial<PolicyRequest> = {},
): Policy {
  return resolvePolicy({
    flags: { ...NO_FLAGS, ...flags },
    chain: { name: "test", reference: "test", layers: profiles.map((profile) => layer(profile)), files: [] },
    groups: { catalog: BUILT_IN, files: [] },
    variables: FIXED_VARIABLES,
    cwd: FIXED_VARIABLES.WORKDIR ?? "/",
    platform: "linux",
    programs: [],
    ...request,
  });
}

/** Files by path with their text; a path that ends in `/` is a directory, `-> target` as text makes a link. */
export type TreeSpec = Readonly<Record<string, string>>;

export type Tree = Readonly<{ root: string; at(file: string): string }> & Disposable;

/** A directory of its own, 0700, removed at the end. */
export function makeTree(files: TreeSpec = {}): Tree {
  const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), "nono-policy-")));
  chmodSync(root, 0o700);
  const at = (file: string) => path.join(root, file);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(file.endsWith("/") ? at(file) : path.dirname(at(file)), { recursive: true, mode: 0o700 });
    if (text.startsWith("-> ")) symlinkSync(text.slice(3), at(file));
    else if (!file.endsWith("/")) writeFileSync(at(file), text, { mode: 0o600 });
  }
  return { root, at, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}

/** The variables of a home that lies in a tree. */
export function variablesIn(tree: Tree, workdir = "project"): Variables {
  return variablesOf({
    home: tree.at("home"),
    workdir: tree.at(workdir),
    tmpdir: tree.at("tmp"),
    uid: process.getuid?.() ?? 0,
    terminal: undefined,
    env: {},
  });
}
