// What a verification found, for people.

import type { AuditVerification, VerifiedSession } from "nono-ts";
import { show } from "nono-ts/internal";
import type { Output } from "../io.ts";
import { countText } from "./quantities.ts";
import { wrap } from "./wrap.ts";

type Paper = Pick<Output, "columns" | "colour">;

/** Sessions that are as they should be are counted when there are more. */
const NAMED = 10;

export function renderVerification(verification: AuditVerification, paper: Paper): string {
  const { sessions, findings, removed, anchors, firstKey } = verification;
  const told = sessions.length <= NAMED ? sessions : sessions.filter(({ cutOff }) => cutOff > 0);
  const kept = anchors.filter(({ holds }) => holds);
  const lines = [
    ...findings.map(({ session, problem }) =>
      session === undefined
        ? `damaged: ${show(problem)}`
        : `damaged: session ${show(session)} ${show(problem)}`,
    ),
    ...told.map(sessionText),
    ...(removed.length <= NAMED ? removed.map(({ session }) => `session ${show(session)}: cleaned up`) : []),
    `${countText(sessions.length, "session")}, ${countText(sum(sessions), "line")}${removed.length === 0 ? "" : `, ${countText(removed.length, "session")} cleaned up`}: ${verdict(verification)}`,
    ...(anchors.length === 0
      ? ["anchored: not checked; see nono audit anchor"]
      : [
          `anchored: ${anchoredText(sessions)}; ${kept.length} of ${countText(anchors.length, "checkpoint")} hold`,
        ]),
    ...(firstKey === undefined ? [] : [`first key: ${show(firstKey)}`]),
  ];
  return `${lines.flatMap((line) => wrapped(line, paper)).join("\n")}\n`;
}

function wrapped(line: string, { columns }: Paper): readonly string[] {
  const [first = "", ...rest] = wrap(line, columns);
  return [first, ...rest.flatMap((part) => wrap(part, columns, 2))];
}

function sum(sessions: readonly VerifiedSession[]): number {
  return sessions.reduce((total, { end }) => total + end.size, 0);
}

function anchoredText(sessions: readonly VerifiedSession[]): string {
  const lines = sessions.reduce((total, { anchored }) => total + anchored, 0);
  const whole = sessions.filter(({ anchored, end }) => anchored === end.size);
  return `${countText(lines, "line")}, and all of ${countText(whole.length, "session")}`;
}

function verdict({ findings, sessions }: AuditVerification): string {
  if (findings.length > 0) return countText(findings.length, "problem");
  return sessions.length === 0 ? "nothing was recorded" : "as they were written";
}

function sessionText({ session, state, end, signed, cutOff }: VerifiedSession): string {
  const open = end.size - signed;
  return [
    `session ${show(session)}: ${state}, ${countText(end.size, "line")}`,
    ...(open > 0 ? [`the last ${open} not signed`] : []),
    ...(cutOff > 0 && state !== "running"
      ? [`a cut-off last line of ${countText(cutOff, "byte")} set aside`]
      : []),
  ].join(", ");
}
