import type { AuditEvent, JsonObject } from "nono-ts";
import { describe, expect, it } from "vitest";
import { GrantedWrites } from "./granted-write.ts";

const policy = {
  supervised: true,
  grants: [
    { path: "/w", kind: "directory", access: "read+write", source: "--allow-cwd" },
    { path: "/home/me/.tool.json", kind: "file", access: "read+write", source: "profile" },
    { path: "/usr", kind: "directory", access: "read", source: "group:system_read" },
  ],
  denials: [
    { access: "write", source: "guard", paths: ["/w/.git/hooks"] },
    { access: "read+write", source: "group:x", removable: true, paths: ["/w/.env"] },
  ],
};

function writes(...events: readonly Pick<AuditEvent, "kind" | "data">[]): GrantedWrites {
  const all = new GrantedWrites();
  for (const [n, event] of [{ kind: "start", data: { policy } as JsonObject }, ...events].entries())
    all.add({ n, at: "2026-01-01T00:00:00.000Z", ...event });
  return all;
}

const snapshot = (...paths: readonly string[]) => ({
  kind: "snapshot",
  data: { number: 1, changes: paths.map((path) => ({ path, kind: "modified" })) },
});

describe("a change", () => {
  it.each([
    ["/w/a/b", true],
    ["/w", true],
    ["/wide", false],
    ["/usr/x", false],
    ["/w/.git/hooks/pre-commit", false],
    ["/w/.git/config", true],
    ["/home/me/.tool.json", true],
    ["/home/me/.tool.json.lock", true],
    ["/home/me/.tool.json~", true],
    ["/home/me/..tool.json.swp", true],
    ["/home/me/other", false],
  ])("of %s is explained by the policy: %s", (path, explained) => {
    expect(writes(snapshot(path)).unexplained.map((one) => one.path)).toEqual(explained ? [] : [path]);
  });

  it("is explained by what was allowed, and not by what was denied or read", () => {
    const hook = "/w/.git/hooks/pre-commit";
    const allowed = { kind: "allowed", data: { operation: "open", path: hook } };
    const answered = (access: string, yes: boolean) => ({
      kind: "answered",
      data: { id: "abcd", allowed: yes, access, path: hook, covers: "/w/.git/hooks" },
    });
    expect(writes(allowed, snapshot(hook)).unexplained).toEqual([]);
    expect(writes(answered("create", true), snapshot(hook)).unexplained).toEqual([]);
    expect(writes(answered("read", true), snapshot(hook)).unexplained).toHaveLength(1);
    expect(writes(answered("create", false), snapshot(hook)).unexplained).toHaveLength(1);
    expect(writes(snapshot(hook), allowed).unexplained).toHaveLength(1);
  });

  it("that takes away what may be taken away is explained", () => {
    const of = (kind: string) =>
      writes({ kind: "snapshot", data: { number: 1, changes: [{ path: "/w/.env", kind }] } });
    expect(of("deleted").unexplained).toEqual([]);
    expect(of("modified").unexplained).toHaveLength(1);
  });
});
