// What `nono why` is asked and what it answers: read off the rules of a plan, deciding nothing.

import { type AccessMode, type CanonicalPath, type QueriedPlan, queryPath } from "nono-ts";
import { baseNameOf, directoryOf, hostGranting, hostText, show } from "nono-ts/internal";
import { blockedCommand } from "./blocked-command.ts";
import type { SandboxDocument } from "./document.ts";
import { bypassOption, changeFor, commandOption, connectOption, grantFor, optionOf } from "./suggestion.ts";

export type Answer = Readonly<{
  status: "allowed" | "denied";
  /** `read /etc/shadow`, `connect to example.com port 443`, `start rm`. */
  question: string;
  /** Which rule decides, for people. */
  because: string;
  /** Who asked for that rule: `--read`, `group:NAME`, `profile:NAME`. */
  source: string | null;
  /** The path that the rule names. */
  rule: string | null;
  /** Options that would allow it; null when nothing has to change or nothing can. */
  change: string | null;
}>;

/** @throws the file system's own error when the path cannot be looked up */
export function answerPath(
  plan: QueriedPlan,
  { ungrantable }: Pick<SandboxDocument, "ungrantable">,
  question: Readonly<{ path: string; access: AccessMode; cwd: string }>,
): Answer {
  const answer = queryPath(plan, question);
  const { status, access, rule, withheld } = answer;
  const asked = { status, question: `${access} ${show(answer.path)}` };
  if (status === "allowed") {
    const because = `${show(rule?.path ?? "")} is granted for ${answer.granted} by ${show(rule?.source ?? "")}`;
    return { ...asked, because, source: rule?.source ?? null, rule: rule?.path ?? null, change: null };
  }
  if (withheld?.command !== undefined) {
    const because = `it is the executable of the blocked command ${show(withheld.command)}`;
    const change = commandOption(withheld.command);
    return { ...asked, because, source: withheld.source, rule: withheld.path, change };
  }
  if (withheld?.asks !== undefined) {
    const because = `${show(withheld.source)} guards ${show(withheld.path)}: ${show(withheld.asks)}`;
    const change = bypassOption(withheld.path);
    return { ...asked, because, source: withheld.source, rule: withheld.path, change };
  }
  if (withheld !== undefined) {
    const because = `${show(withheld.source)} denies ${show(withheld.path)}`;
    const change = changeFor(plan, answer, ungrantable);
    return { ...asked, because, source: withheld.source, rule: withheld.path, change };
  }
  const change = changeFor(plan, answer, ungrantable);
  const ungranted =
    change === null
      ? "no grant covers it, and none may: it would reach nono's own files"
      : "no grant covers it";
  const because =
    answer.granted === undefined || rule === undefined
      ? ungranted
      : `${show(rule.path)} is granted for ${answer.granted} only, by ${show(rule.source)}`;
  return { ...asked, because, source: rule?.source ?? null, rule: rule?.path ?? null, change };
}

export function answerNetwork(
  plan: QueriedPlan,
  { network, networkSource }: Pick<SandboxDocument, "network" | "networkSource">,
  { host, port }: Readonly<{ host: string; port: number }>,
): Answer {
  const asked = { question: `connect to ${show(host)} port ${port}`, rule: null, source: networkSource };
  const change = connectOption(plan, { host, port });
  switch (network.mode) {
    case "all":
      return { ...asked, status: "allowed", because: "the network is not limited", change: null };
    case "none":
      return {
        ...asked,
        status: "denied",
        because: `${show(networkSource ?? "the policy")} blocks the network`,
        change,
      };
    case "ports":
      return { ...asked, ...answerLimited(network, { host, port }, change) };
  }
}

function answerLimited(
  { connect, hosts }: Extract<SandboxDocument["network"], { mode: "ports" }>,
  { host, port }: Readonly<{ host: string; port: number }>,
  change: string,
): Pick<Answer, "status" | "because" | "change"> & Partial<Answer> {
  if (connect.includes(port))
    return { status: "allowed", because: `port ${port} is open, to every address`, change: null };
  const granted = hostGranting(hosts, { host, port });
  if (granted !== undefined)
    return {
      status: "allowed",
      because: `${hostText(granted)} is granted by ${show(granted.source)}`,
      source: granted.source,
      change: null,
    };
  const because = hosts.length === 0 ? "only other ports are open" : "only other hosts and ports are open";
  return { status: "denied", because, change };
}

type Found = Parameters<typeof blockedCommand>[1];

/** @param found undefined when there is no such command */
export function answerCommand(
  plan: QueriedPlan,
  { commands, ungrantable }: Pick<SandboxDocument, "commands" | "ungrantable">,
  { name, found, inside }: Readonly<{ name: string; found: Found; inside: boolean }>,
): Answer {
  const asked = { question: `start ${show(name)}`, rule: found?.files[0] ?? null };
  const names = commands.blocked.map((rule) => rule.name);
  const blocked = blockedCommand(name, found, names, plan);
  if (blocked !== undefined) {
    const source = commands.blocked.find((rule) => baseNameOf(rule.name) === blocked)?.source ?? null;
    const because = `${show(source ?? "the policy")} blocks the command ${show(blocked)}`;
    return { ...asked, status: "denied", because, source, change: commandOption(blocked) };
  }
  if (found === undefined)
    return {
      ...asked,
      status: "denied",
      because: "there is no such command",
      source: null,
      change: null,
    };
  const unreadable = found.files.find(
    (file) => queryPath(plan, { path: file, access: "read" }).status === "denied",
  );
  if (unreadable === undefined)
    return {
      ...asked,
      status: "allowed",
      because: "its files can be read",
      source: null,
      change: null,
    };
  const change = readingAround(unreadable, ungrantable);
  if (inside)
    return {
      ...asked,
      status: "denied",
      because: `${show(unreadable)} cannot be read`,
      source: null,
      change,
    };
  const because = `nono run can start it; what is started from inside cannot read ${show(unreadable)}`;
  return { ...asked, status: "allowed", because, source: null, change };
}

/** What a program is made of lies around it; where that may not be granted, the file itself is what is left. */
function readingAround(file: string, ungrantable: SandboxDocument["ungrantable"]): string | null {
  const paths = [directoryOf(file) as CanonicalPath, file as CanonicalPath];
  const grant = paths.map((path) => grantFor({ path, access: "read" }, ungrantable)).find(Boolean);
  return grant === undefined ? null : optionOf(grant);
}
