import { describe, expect, it } from "vitest";
import { findRunning, findSession } from "./find.ts";
import type { SessionRecord } from "./record.ts";
import type { RegisteredSession, State } from "./registry.ts";

function session(id: string, state: State, name: string | null = null): RegisteredSession {
  return { record: { session_id: id, name } as SessionRecord, state };
}

const SESSIONS = [
  session("20260201-100000-9", "ended", "web"),
  session("20260201-100000-77", "running"),
  session("20260201-100000-7", "running", "web"),
  session("20260101-100000-5", "ended", "old"),
  session("20260101-090000-5", "interrupted", "old"),
];

const found = (named: string) => findSession(SESSIONS, named).record.session_id;

describe("findSession", () => {
  it("takes a whole id for what it is, also where others begin with it", () => {
    expect(found("20260201-100000-7")).toBe("20260201-100000-7");
  });

  it("takes the beginning of one id", () => {
    expect(found("20260101-1")).toBe("20260101-100000-5");
  });

  it("takes a name for the session that runs, else for the latest", () => {
    expect(found("web")).toBe("20260201-100000-7");
    expect(found("old")).toBe("20260101-100000-5");
  });

  it("does not guess", () => {
    expect(() => found("2026")).toThrow(expect.objectContaining({ code: "session-ambiguous" }));
    expect(() => found("20260201-100000")).toThrow(/20260201-100000-9, 20260201-100000-77/);
    for (const named of ["", "we", "3", "20260201-100000-71"])
      expect(() => found(named)).toThrow(expect.objectContaining({ code: "session-unknown" }));
  });
});

describe("findRunning", () => {
  const running = (named: string) => findRunning(SESSIONS, named).record.session_id;

  it("looks among those that run first", () => {
    expect(running("web")).toBe("20260201-100000-7");
    expect(running("20260201-100000-77")).toBe("20260201-100000-77");
    expect(() => running("2026")).toThrow(/: 20260201-100000-77, 20260201-100000-7$/);
  });

  it("knows what has ended from what never was", () => {
    expect(() => running("20260101-1")).toThrow("20260101-100000-5 does not run: it has ended");
    expect(() => running("20260101-09")).toThrow("20260101-090000-5 does not run: it was interrupted");
    expect(() => running("3")).toThrow(expect.objectContaining({ code: "session-unknown" }));
  });
});
