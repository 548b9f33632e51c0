// An answer in words.

import { show } from "nono-ts/internal";
import type { ApprovalAnswer, Decision } from "./request.ts";

export function describeAnswer({ by, ...decision }: ApprovalAnswer): string {
  const what = describeDecision(decision);
  switch (by.who) {
    case "terminal":
      return `${what}, on its own terminal`;
    case "process":
      return `${what}, from another terminal (process ${by.pid}${by.terminal ? ` on ${show(by.terminal)}` : ""})`;
    case "timeout":
      return `${what}: nobody answered within ${by.seconds} s`;
    case "nobody":
      return `${what}: nobody was there to answer`;
    case "earlier":
      return `${what}, by an answer that was given before`;
    case "end":
      return `${what}: nobody waits for it any more`;
  }
}

function describeDecision(decision: Decision): string {
  switch (decision.kind) {
    case "deny":
      return "denied";
    case "deny-session":
      return "denied for this session";
    case "allow-once":
      return "allowed once";
    case "allow-session":
      return decision.scope === "file"
        ? "allowed for this session"
        : "allowed for this session, with its directory";
    case "save-to-profile":
      return "allowed, and added to the profile";
  }
}
