import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aRequest, request } from "../../../test/support/approval-requests.ts";
import { columnsOf } from "../../terminal/fit.ts";
import type { ApprovalRequest } from "../request.ts";
import { nextQuestion, type Question } from "./questions.ts";
import { renderList, renderNotice, renderProposal, renderQuestion } from "./render.ts";

const ROOM = { rows: 24, columns: 80 };
const LIMITS = { seconds: 60 };

function questionOf(...requests: readonly ApprovalRequest[]): Question {
  const waiting = requests.map((one) => ({ request: one, since: 0, deadline: 0 }));
  return nextQuestion(waiting, true) as Question;
}

const text = (question: Question, room = ROOM) => renderQuestion(question, room, LIMITS).lines.join("\n");

describe("a question", () => {
  it("says who, what, how it was named, and what each answer covers", () => {
    const shown = text(
      questionOf(
        request({
          id: "a",
          access: "write",
          path: "/home/ana/.bashrc",
          asked: "/project/link",
          viaLink: true,
          runsLater: "every shell that is started",
          covers: { once: "this open", file: "/home/ana/.bashrc", directory: "/home/ana" },
        }),
      ),
    );
    expect(shown).toBe(
      [
        "nono: may node write this, outside of what it was granted?",
        "",
        "path        /home/ana/.bashrc",
        "named       /project/link (a link leads there)",
        "later       every shell that is started",
        "program     node (4711): node tool.js",
        "started by  sh (4700)",
        "",
        "  n  deny (Enter as well)",
        "  d  deny for this session",
        "  y  allow once",
        "  s  allow this file for this session",
        "  S  allow all in /home/ana for this session",
        "  p  add it to my profile (shows what is written)",
        "",
        "Not answered within 60 s it is denied. Elsewhere: nono approvals list",
      ].join("\n"),
    );
  });

  it("says of a move and of a link where to, and that what lies there has the rights of the place", () => {
    const move = { operation: "rename", access: "write", path: "/data/a" } as const;
    const other = { relation: "to", path: "/project/b" } as const;
    const shown = text(questionOf(request({ id: "a", ...move, other })));
    expect(shown).toContain("nono: may node rename this");
    expect(shown).toContain("path        /data/a\nto          /project/b, with the rights that hold there");
    const many = ["a", "b"].map((name) =>
      request({
        id: name,
        ...move,
        path: `/data/${name}`,
        other: { relation: "to", path: `/project/${name}` },
      }),
    );
    expect(text(questionOf(...many))).toContain("in          /data\nto          /project, with");
    expect(renderList(questionOf(...many), ROOM, 0).lines).toContain("/data/b, to /project/b");
    const apart = many.map((one) => ({
      ...one,
      other: { relation: "to", path: `/project/${one.id}/x` } as const,
    }));
    expect(questionOf(...apart).others).toBe(1);
  });

  it("is one for many of a directory, and says how many", () => {
    const many = Array.from({ length: 20 }, (_, index) =>
      request({ id: `${index}`, path: `/d/file${index}` }),
    );
    const shown = text(questionOf(...many));
    expect(shown).toContain("(20 paths)");
    expect(shown).toContain("in          /d");
    expect(shown).toContain("and 12 more: l lists them");
    expect(shown).toContain("allow each of them once");
  });

  it("fits into any room, or can only be answered with no", () =>
    fc.assert(
      fc.property(
        fc.array(aRequest, { minLength: 1, maxLength: 5 }),
        fc.record({ rows: fc.integer({ min: 1, max: 40 }), columns: fc.integer({ min: 1, max: 120 }) }),
        fc.string({ unit: "binary", maxLength: 300 }),
        (requests, room, name) => {
          const named = requests.map((one, index) => ({
            ...one,
            id: String(index),
            path: `${one.path}/${name}`,
            asked: name,
            viaLink: true,
            process: { ...one.process, name, command: [name, name] },
          }));
          const question = questionOf(...named);
          const rendered = [
            renderQuestion(question, room, LIMITS),
            renderList(question, room, 1),
            renderProposal(name, room),
            renderNotice(name, room),
          ];
          for (const { lines } of rendered) {
            expect(lines.length).toBeLessThanOrEqual(room.rows);
            for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(Math.max(2, room.columns));
            expect(lines.join("")).not.toMatch(
              /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/,
            );
          }
          const [{ lines, partial }] = rendered as [(typeof rendered)[0]];
          if (!partial) expect(lines.join(" ")).toMatch(/\by\b/);
        },
      ),
    ));

  it("shows the beginning and the end of a path that is too long, and how much is missing", () => {
    const path = `/begin/${"x".repeat(3000)}/end`;
    const shown = text(questionOf(request({ id: "a", path })), { rows: 12, columns: 40 });
    expect(shown).toMatch(/path: \/begin\/x+/);
    expect(shown).toMatch(/\.\.\.\([0-9]+\)\.\.\./);
    expect(shown).toMatch(/x\/end/);
  });
});
