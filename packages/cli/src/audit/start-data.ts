// What is recorded before a command starts: what it is, where, and under which policy.

import { readlinkSync } from "node:fs";
import os from "node:os";
import { digestOf } from "nono-ts/internal";
import { trackedRoots } from "../rollback/tracked-roots.ts";
import type { Prepared } from "../sandbox/prepare.ts";
import { VERSION } from "../version.ts";
import type { SessionData } from "./event.ts";

export function startData(sandbox: Prepared, uid: number): SessionData["start"] {
  const { document, command, loaded } = sandbox;
  const { groups, grants, denials, network, unixSockets, limits, environment, withheld } = document;
  return {
    purpose: "session",
    nono: VERSION,
    name: document.name,
    command: command.argv,
    executable: command.path,
    cwd: command.cwd,
    terminal: terminalName(),
    host: { name: os.hostname(), kernel: os.release(), machine: os.machine(), uid },
    profile: { name: document.profile, digest: digestOfPolicy(loaded.policy) },
    policy: {
      groups,
      grants,
      denials: denialsBySource(denials),
      network,
      unixSockets,
      limits,
      environment,
      withheld,
      blocked: document.commands.blocked.map(({ name }) => name),
      supervised: document.supervised,
    },
    protections: document.protections,
    tracked_paths: trackedRoots(sandbox, false),
    secrets: sandbox.secrets.names.map(({ name }) => name),
  };
}

/** Where it was started from, and questions are answered: isatty(3) takes 3 ms to load. */
function terminalName(): string | null {
  const names = [0, 1, 2].flatMap((descriptor) => {
    try {
      return [readlinkSync(`/proc/self/fd/${descriptor}`)];
    } catch {
      return []; // closed
    }
  });
  return names.find((name) => /^\/dev\/(pts\/|tty)/.test(name)) ?? null;
}

type Group = SessionData["start"]["policy"]["denials"][number] & Readonly<{ paths: string[] }>;

/** There are hundreds, of a dozen groups. */
function denialsBySource(
  denials: Prepared["document"]["denials"],
): SessionData["start"]["policy"]["denials"] {
  const groups = new Map<string, Group>();
  for (const denial of denials) {
    const { access, source, asks = "", removable = false } = denial;
    const key = `${access}\n${source}\n${asks}\n${removable}`;
    const group = groups.get(key);
    if (group === undefined) {
      const { path, ...rest } = denial;
      groups.set(key, { ...rest, paths: [path] });
    } else group.paths.push(denial.path);
  }
  return [...groups.values()];
}

/** Of the policy as it was merged, which `nono profile show` and the groups lead to. */
function digestOfPolicy(policy: unknown): string {
  return digestOf(Buffer.from(JSON.stringify(policy)));
}
