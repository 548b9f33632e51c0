// What another terminal says to a session about its requests, and what it is told.

import type { Message } from "../../control/message.ts";
import type { ApprovalAnswer, ApprovalRequest, Decision } from "../request.ts";

/** A request as other terminals see it. */
export type ListedRequest = ApprovalRequest & Readonly<{ waitingSince: string }>;

export type ApprovalReply =
  | Readonly<{ is: "waiting"; requests: readonly ListedRequest[] }>
  /** `note`: what else there is to say, such as what was written. */
  | Readonly<{ is: "settled"; answer: ApprovalAnswer; count: number; note?: string }>
  /** Somebody else was first. */
  | Readonly<{ is: "answered"; answer: ApprovalAnswer }>
  | Readonly<{ is: "unknown" }>
  | Readonly<{ is: "failed"; reason: string }>;

const DECISIONS: ReadonlySet<unknown> = new Set(["deny", "deny-session", "allow-once", "save-to-profile"]);

/** @throws TypeError: whoever connects may be anybody */
export function idIn({ id }: Message): string {
  if (typeof id !== "string") throw new TypeError("no id");
  return id;
}

/** @throws TypeError: whoever connects may be anybody */
export function decisionIn({ decision }: Message): Decision {
  const { kind, scope } = (decision ?? {}) as Readonly<Record<string, unknown>>;
  if (kind === "allow-session" && (scope === "file" || scope === "directory")) return { kind, scope };
  if (DECISIONS.has(kind)) return { kind } as Decision;
  throw new TypeError("no decision");
}
