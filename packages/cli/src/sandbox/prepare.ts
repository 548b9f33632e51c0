// From options to a sandbox that is ready to be started: request, policy, capabilities, plan. Nothing is started here.

import {
  type CanonicalPath,
  type Capabilities,
  compilePlan,
  type Executable,
  NonoError,
  type Plan,
} from "nono-ts";
import {
  canonicalizeMissing,
  type FoundCommand,
  findCommand,
  isWithin,
  lookForCommands,
} from "nono-ts/internal";
import type { Call } from "../args/command.ts";
import { CliError } from "../error.ts";
import { type GuardStatus, guardOf } from "../guard/guard.ts";
import type { Io } from "../io.ts";
import { capabilitiesOf, type Placed } from "../policy/capabilities-of.ts";
import { createMissing } from "../policy/create-missing.ts";
import { environmentOf } from "../policy/environment/environment.ts";
import { type LocatedHosts, locateHosts } from "../policy/placed/located-hosts.ts";
import { protectedRoots, refuseSharedState, stateDirectory } from "../policy/placed/protected-roots.ts";
import type { Grant, Policy } from "../policy/policy.ts";
import { type LoadedPolicy, policyOf } from "../policy/policy-of.ts";
import { Injected } from "../secret/injected.ts";
import { openSession, type Session } from "../session/session.ts";
import { textOfHost } from "../text/host.ts";
import { VERSION } from "../version.ts";
import { appletOf, blockedCommand } from "./blocked-command.ts";
import { documentOf, type SandboxDocument, type Skipped } from "./document.ts";
import { unreadableProgramDirectory } from "./further-files.ts";
import { inheritedOpenFiles } from "./open-files.ts";
import type { SandboxFlags } from "./options.ts";
import { runtimeBehind, surroundingsOf, workdirOf } from "./surroundings.ts";

/** Where commands are looked for when the environment has no PATH (as execvp(3) of glibc does). */
export const DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

export type Sandbox = Readonly<{
  plan: Plan;
  document: SandboxDocument;
  session: Session;
  /** Where the command's further files lie, when it may not read them. */
  programDirectory: string | undefined;
  /** What the plan was made from. */
  loaded: LoadedPolicy;
  capabilities: Capabilities;
  protectedRoots: readonly CanonicalPath[];
  /** A plan of the same start for other capabilities. */
  planOf(capabilities: Capabilities): Plan;
}>;

export type Prepared = Sandbox &
  Readonly<{
    command: Executable;
    /** To be loaded just before the start, and wiped after the end. */
    secrets: Injected;
  }>;

export type Wanted = Readonly<{
  /** The command and its arguments; empty: only the plan is of interest. */
  words: readonly string[];
  /** Whether a guardian ends the tree with the session. */
  guard: boolean;
  /** Whether a supervisor answers for it. */
  supervisor: boolean;
  /** Why none does. */
  unsupervised?: string | undefined;
  /** Make the directories that profiles want to exist. */
  create: boolean;
  name: string | undefined;
  /** Of the command's own, as a path; absent: it is on ours. */
  terminal?: string | undefined;
}>;

/**
 * A sandbox for a command. Who calls it removes the session.
 *
 * @throws NonoError `command-blocked`, `command-missing`, `command-unstartable`, and what planFor throws
 */
export async function prepare(flags: SandboxFlags, call: Call, wanted: Wanted): Promise<Prepared> {
  const sandbox = await planFor(flags, call, wanted);
  const { command } = sandbox.document;
  if (command === null) throw new NonoError({ code: "command-missing", command: "" });
  return { ...sandbox, command, secrets: injectedInto(sandbox, flags, call.io) };
}

/**
 * The plan of these options, with or without a command.
 *
 * @throws CliError, PolicyError and NonoError: whatever is wrong with what was asked for
 */
export async function planFor(flags: SandboxFlags, { io }: Call, wanted: Wanted): Promise<Sandbox> {
  const cwd = io.cwd();
  const workdir = workdirOf(flags.workdir, io);
  const session = openSession(io);
  try {
    const directories = { cwd, workdir, tmpdir: session.tmp };
    const loaded = await policyOf(flags, surroundingsOf(io, directories, wanted.terminal));
    refuseSharedState(stateDirectory(loaded.variables), io.uid);
    refuseUnsupervisedHosts(loaded.policy, wanted);
    if (wanted.create) createMissing(loaded.policy.creations, loaded.policy.grants);
    const insisted = flags.guard;
    const hosts = await locateHosts(loaded.policy.network.hosts);
    return finish(loaded, session, { ...wanted, workdir, env: io.env, insisted, hosts });
  } catch (error) {
    session.remove();
    throw error;
  }
}

/** On macOS Seatbelt tells apart what it can, and the plan refuses the rest. */
function refuseUnsupervisedHosts({ network }: Policy, { supervisor, unsupervised }: Wanted): void {
  const [host] = network.hosts;
  if (host === undefined || supervisor || process.platform === "darwin") return;
  throw new CliError({
    code: "connect-unsupervised",
    option: host.source,
    host: textOfHost(host),
    why: unsupervised ?? "there is none",
  });
}

/** Nothing that reads secrets is loaded before there are any to be read. */
function injectedInto({ document, loaded, capabilities }: Sandbox, flags: SandboxFlags, io: Io): Injected {
  const { secrets } = document;
  return new Injected(secrets, async () => {
    const { fetchAll } = await import("../secret/fetch-all.ts");
    const { variables } = loaded;
    const { HOME = "/", WORKDIR = "/" } = variables;
    const [work, home] = [canonicalizeMissing(WORKDIR), canonicalizeMissing(HOME)];
    const exposed = [
      ...capabilities.fs.filter(({ access }) => access !== "read").map(({ path }) => path),
      // An earlier command may have been granted it.
      ...(isWithin(home, work) ? [] : [work]),
    ];
    return await fetchAll(secrets, { flags, io, variables, exposed });
  });
}

/** `insisted`: on the guard of the directories of work, by its flag. */
type Start = Wanted & Readonly<{ workdir: string; env: Io["env"]; insisted: boolean; hosts: LocatedHosts }>;

function finish(loaded: LoadedPolicy, session: Session, start: Start): Sandbox {
  const { policy, variables } = loaded;
  const { environment, withheld } = environmentOf(start.env, policy);
  const search = environment.PATH ?? DEFAULT_PATH;
  const found = findAllowed(start, search, policy);
  const commandPath = search.split(":").filter((directory) => directory.startsWith("/"));
  const commandLook = lookForCommands(policy.commands, commandPath);
  const own = ownGrants(session, found);
  const roots = protectedRoots(variables);
  // Seatbelt denies a name without shutting the directory that it lies in.
  const guard = guardOf(policy, { ...start, supervisor: start.supervisor || process.platform === "darwin" });
  const placed = capabilitiesOf(
    { ...policy, grants: [...policy.grants, ...own] },
    {
      workdir: start.workdir,
      protectedRoots: roots,
      guarded: guard.denials,
      hosts: start.hosts.hosts,
    },
  );
  const openFiles = inheritedOpenFiles(process.ppid);
  const planOf = (capabilities: Capabilities, look?: typeof commandLook) =>
    compilePlan(capabilities, {
      ...(openFiles && { openFiles }),
      guard: start.guard,
      supervisor: start.supervisor,
      namePatterns: placed.patterns.map(({ directory, name }) => ({ directory, name, access: "read+write" })),
      environment: { ...environment, ...sessionVariables(session) },
      withheld,
      commandPath,
      commandLook: look,
    });
  const { capabilities } = placed;
  const plan = planOf(capabilities, commandLook);
  refuseBlocked(start.words[0], found, policy, plan);
  refuseBlocked(appletOf(start.words, found), undefined, policy, undefined);
  const ungrantable = [
    ...roots.map((path) => ({ path, access: "read+write" })),
    ...policy.files.map((path) => ({ path, access: "write" })),
  ];
  const document = describe(policy, placed, plan, { found, guarded: guard.status, ungrantable, ...start });
  session.describe(JSON.stringify(document));
  const directory = found && unreadableProgramDirectory(found, plan);
  // What is nono's own is not for a hint to lead to.
  const programDirectory =
    directory !== undefined && roots.some((root) => isWithin(root, directory as CanonicalPath))
      ? undefined
      : directory;
  return {
    plan,
    document,
    session,
    programDirectory,
    loaded,
    capabilities,
    protectedRoots: roots,
    planOf: (other) => planOf(other),
  };
}

/** Blocked is blocked whether or not there is such a command. */
function findAllowed({ words, workdir }: Start, search: string, policy: Policy): FoundCommand | undefined {
  const [name] = words;
  if (name === undefined) return undefined;
  refuseBlocked(name, undefined, policy, undefined);
  return findCommand(name, { path: search, cwd: workdir });
}

function refuseBlocked(
  name: string | undefined,
  found: FoundCommand | undefined,
  { commands }: Policy,
  plan: Plan | undefined,
): void {
  if (name === undefined) return;
  const blocked = blockedCommand(
    name,
    found,
    commands.blocked.map((entry) => entry.name),
    plan,
  );
  if (blocked !== undefined) throw new NonoError({ code: "command-blocked", command: blocked });
}

/** What a sandbox has without being asked: its temporary directory, its description and the command's own files. */
function ownGrants(session: Session, found: FoundCommand | undefined): readonly Grant[] {
  const grant = (path: string, kind: Grant["kind"], access: Grant["access"], source: string): Grant => ({
    from: "nono",
    source,
    original: path,
    path,
    kind,
    access,
  });
  const files = found?.files ?? [];
  return [
    grant(session.tmp, "directory", "read+write", "nono:session"),
    grant(session.capFile, "file", "read", "nono:session"),
    ...[...files, ...runtimeBehind(files)].map((file) => grant(file, "file", "read", "nono:command")),
  ];
}

function sessionVariables({ tmp, capFile }: Session): Readonly<Record<string, string>> {
  return { TMPDIR: tmp, TMP: tmp, TEMP: tmp, NONO_CAP_FILE: capFile };
}

function describe(
  policy: Policy,
  { capabilities, skipped }: Placed,
  plan: Plan,
  {
    found,
    guarded,
    ungrantable,
    words,
    workdir,
    name,
    hosts,
  }: Start &
    Readonly<{
      found: FoundCommand | undefined;
      guarded: GuardStatus;
      ungrantable: SandboxDocument["ungrantable"];
    }>,
): SandboxDocument {
  return documentOf({
    version: VERSION,
    name: name ?? null,
    profile: policy.profile,
    groups: policy.groups.map((group) => group.name),
    command: found === undefined ? null : { path: found.path, argv: words, cwd: workdir },
    networkSource: networkSource(policy, capabilities),
    guard: guarded,
    secrets: policy.secrets.map(({ name: variable, reference, source }) => ({
      name: variable,
      reference,
      source,
    })),
    ungrantable,
    skipped: [...skippedOf(policy, skipped), ...hosts.skipped.map(skippedHost)],
    capabilities,
    blockedCommands: policy.commands.blocked.map((entry) => ({ name: entry.name, source: entry.source })),
    plan,
  });
}

function networkSource({ network }: Policy, { network: { mode } }: Capabilities): string | null {
  if (mode === "ports") return [...network.connect, ...network.hosts, ...network.listen][0]?.source ?? null;
  return network.blocked?.source ?? null;
}

function skippedOf({ creations, unset }: Policy, skipped: Placed["skipped"]): readonly Skipped[] {
  return [
    ...skipped.map((one) => ({
      original: one.grant.original,
      source: one.grant.source,
      why: whySkipped(one, creations),
    })),
    ...unset.map(({ original, source, variable }) => ({ original, source, why: `$${variable} is not set` })),
  ];
}

function skippedHost({ host, why }: LocatedHosts["skipped"][number]): Skipped {
  return { original: textOfHost(host), source: host.source, why };
}

function whySkipped(skipped: Placed["skipped"][number], creations: Policy["creations"]): string {
  if (skipped.why === "denied") return `${skipped.by} denies it`;
  if (skipped.why === "unreachable") return "permission denied";
  return creations.some(({ path }) => path === skipped.grant.path)
    ? "made at the start"
    : "no such file or directory";
}
