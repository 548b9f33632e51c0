import { describe, expect, it } from "vitest";
import { request } from "../../../test/support/approval-requests.ts";
import { profileEntries } from "./profile-entries.ts";

const places = { home: "/home/ana", workdir: "/home/ana/project" };
const entries = (...requests: Parameters<typeof request>[0][]) =>
  profileEntries(requests.map(request), places, (path) => path.endsWith("/directory")).filesystem;

describe("what a profile has to say", () => {
  it.each([
    ["read", "open", "/data/x", { read_file: ["/data/x"] }],
    ["read", "open", "/data/directory", { read: ["/data/directory"] }],
    ["write", "open", "/home/ana/x", { write_file: ["~/x"] }],
    ["write", "chmod", "/home/ana/directory", { write: ["~/directory"] }],
    ["read+write", "open", "/home/ana/project/x", { allow_file: ["$WORKDIR/x"] }],
    ["create", "open", "/home/ana/new", { allow_pattern: ["~/new*"] }],
    ["connect", "connect", "/run/x.sock", { unix_socket: ["/run/x.sock"] }],
    ["connect", "bind", "/run/x.sock", { unix_socket_bind: ["/run/x.sock"] }],
  ] as const)("for %s by %s of %s", (access, operation, path, expected) => {
    expect(entries({ id: "a", access, operation, path })).toEqual(expected);
  });

  it("takes names for what they are, not for patterns or variables", () => {
    expect(entries({ id: "a", access: "create", path: "/data/a*b?c\\d" })).toEqual({
      allow_pattern: ["/data/a\\*b\\?c\\\\d*"],
    });
    expect(entries({ id: "a", path: "/data/$HOME" })).toEqual({ read_file: ["/data/$$HOME"] });
  });

  it("names each path once", () => {
    expect(entries({ id: "a", path: "/a" }, { id: "b", path: "/b" }, { id: "c", path: "/a" })).toEqual({
      read_file: ["/a", "/b"],
    });
  });
});
