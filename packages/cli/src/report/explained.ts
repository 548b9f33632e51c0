// Why each denial was one, and what would have allowed it: read off the plan of the run, as `nono why` does.

import type { QueriedPlan } from "nono-ts";
import { isWithin, show } from "nono-ts/internal";
import { answerNetwork, answerPath } from "../sandbox/answer.ts";
import type { SandboxDocument } from "../sandbox/document.ts";
import { bypassOption, commandOption, socketChange } from "../sandbox/suggestion.ts";
import type { Denial, Subject } from "./denial.ts";

/** In JSON as `--diagnostics-json` writes it. */
export type ExplainedDenial = Denial &
  Readonly<{
    because: string;
    /** Who asked for the rule that refused it; null: nothing granted it. */
    source: string | null;
    /** The option that would allow it; null: none can. */
    change: string | null;
  }>;

type Sandbox = Readonly<{
  plan: QueriedPlan;
  document: Pick<SandboxDocument, "network" | "networkSource" | "commands" | "ungrantable">;
}>;

export function explain(denial: Denial, { plan, document }: Sandbox): ExplainedDenial {
  const { subject } = denial;
  switch (subject.kind) {
    case "path": {
      const { status, because, source, change } = answerPath(plan, document, { ...subject, cwd: "/" });
      // The rules alone would allow it: the name is one that a denial keeps.
      if (status === "allowed")
        return { ...denial, because: "it would replace or move what is denied", source: null, change: null };
      return { ...denial, because, source, change };
    }
    case "holder":
      return explainHolder(denial, subject, plan);
    case "command": {
      const rule = document.commands.executables.find((one) => one.path === subject.command);
      const name = rule?.command ?? subject.command;
      const source = document.commands.blocked.find((one) => one.name === name)?.source ?? null;
      const because = `it is the blocked command ${name}, by its content`;
      return { ...denial, because, source, change: commandOption(name) };
    }
    case "socket":
      return {
        ...denial,
        because: "no grant covers this unix socket",
        source: null,
        change: socketChange(plan, subject, document.ungrantable),
      };
    case "address": {
      const { because, source, change } = answerNetwork(plan, document, subject);
      return { ...denial, because, source, change };
    }
    case "listen":
      return {
        ...denial,
        because: "only other ports may be listened on",
        source: document.networkSource,
        change: subject.port === 0 ? null : `--listen-port ${subject.port}`,
      };
    case "network":
      return { ...denial, ...explainNetwork(document, subject) };
    case "abstract":
    case "object":
      return { ...denial, ...never("it belongs to a process outside the sandbox") };
    case "process":
      return { ...denial, ...never("it is outside the sandbox") };
    case "processes":
      return { ...denial, ...never("some of them may be outside the sandbox") };
  }
}

function never(because: string): Pick<ExplainedDenial, "because" | "source" | "change"> {
  return { because, source: null, change: null };
}

/** linux/net.h, linux/socket.h. */
const STREAM = 1;
const INTERNET: readonly number[] = [2, 10];

function explainNetwork(
  { network, networkSource }: Sandbox["document"],
  { family, type }: Extract<Subject, { kind: "network" }>,
): Pick<ExplainedDenial, "because" | "source" | "change"> {
  const because =
    network.mode === "none"
      ? `${show(networkSource ?? "the policy")} blocks the network`
      : "only TCP is open, and by UDP no name server is reached either";
  const change = INTERNET.includes(family) && type === STREAM ? "--allow-connect HOST:PORT" : null;
  return { because, source: networkSource, change };
}

/** What is denied by its path stays at its path, and so do the directories above it. */
function explainHolder(
  denial: Denial,
  subject: Extract<Subject, { kind: "holder" }>,
  { denials }: QueriedPlan,
): ExplainedDenial {
  const held = denials.filter(({ path }) => subject.paths.some((above) => isWithin(path, above)));
  const first = held.find(({ asks }) => asks === undefined) ?? held[0];
  if (first === undefined)
    return { ...denial, because: "it would replace or move what is denied", source: null, change: null };
  const path = subject.paths.find((above) => isWithin(first.path, above)) ?? subject.path;
  const verb = first.asks === undefined ? "denies" : "guards";
  const reason = first.asks === undefined ? "" : `: ${show(first.asks)}`;
  return {
    ...denial,
    subject: { ...subject, path },
    because: `${show(first.source)} ${verb} ${show(first.path)}${reason}`,
    source: first.source,
    change: liftingAll(held),
  };
}

function liftingAll(held: QueriedPlan["denials"]): string | null {
  const [first, ...others] = held;
  if (first !== undefined && others.length === 0) return bypassOption(first.path);
  return held.every(({ asks, access }) => asks !== undefined && access === "write") ? "--no-guard" : null;
}
