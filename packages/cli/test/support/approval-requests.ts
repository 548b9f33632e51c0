// Requests for tests: fixed ones, and any.

import fc from "fast-check";
import type { Access, Answerer, ApprovalRequest, Decision } from "../../src/approval/request.ts";

export const terminal: Answerer = { who: "terminal" };

/** `path` also says what a yes for the file covers. */
export function request(change: Partial<ApprovalRequest> & { id: string }): ApprovalRequest {
  const path = change.path ?? "/home/ana/notes";
  return {
    session: "20260102-030405-42",
    process: { pid: 4711, name: "node", command: ["node", "tool.js"], parents: [{ pid: 4700, name: "sh" }] },
    operation: "open",
    access: "read",
    path,
    asked: path,
    viaLink: false,
    covers: { once: "this open", file: path },
    ...change,
  };
}

export const decisions = [
  { kind: "deny" },
  { kind: "deny-session" },
  { kind: "allow-once" },
  { kind: "allow-session", scope: "file" },
  { kind: "allow-session", scope: "directory" },
  { kind: "save-to-profile" },
] as const satisfies readonly Decision[];

export const anAccess: fc.Arbitrary<Access> = fc.constantFrom(
  "read",
  "write",
  "read+write",
  "create",
  "execute",
  "connect",
);

const aName = fc.constantFrom("a", "b", "c");

export const aRequest: fc.Arbitrary<ApprovalRequest> = fc
  .record({
    id: fc.nat(99).map(String),
    names: fc.array(aName, { minLength: 1, maxLength: 3 }),
    access: anAccess,
    operation: fc.constantFrom("open", "unlink"),
    withDirectory: fc.boolean(),
  })
  .map(({ id, names, access, operation, withDirectory }) => {
    const path = `/${names.join("/")}`;
    const directory = `/${names.slice(0, -1).join("/")}`;
    const covers = { once: "this", file: path, ...(withDirectory ? { directory } : {}) };
    return request({ id, path, access, operation, covers });
  });
