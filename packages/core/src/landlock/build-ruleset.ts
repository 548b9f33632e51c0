// From capabilities to the ruleset that the kernel will hold.

import {
  type AccessHalf,
  type Capabilities,
  type FsCapability,
  type FsDenial,
  halvesOf,
  type Source,
} from "../capability/index.ts";
import { NonoError } from "../error.ts";
import type { CanonicalPath } from "../files/canonical-path.ts";
import type { FileView } from "../files/file-view.ts";
import { PathIndex } from "../files/path-index.ts";
import { handledFs, handledNet, LIST_RIGHT, portRights, rightsOf, scopeOf, socketRight } from "./rights.ts";
import type { PathRule, PortRule, Ruleset, SplitRule } from "./ruleset.ts";
import { type DeniedPaths, type Piece, splitGrant } from "./split.ts";

/** Directories of a grant that no rule covers, because something in or below them is denied. */
export type SplitDirectory = Readonly<{ path: CanonicalPath; half: AccessHalf; source: Source }>;

/** More rules than this slow the start and every open; the message says what to grant instead. */
const RULE_LIMIT = 32_768;

type Options = Readonly<{
  abi: number;
  view: FileView;
  /** Executables that may be neither read nor executed. */
  blocked: readonly CanonicalPath[];
  /** Scopes are per domain: threads that are restricted one by one would be shut off from each other. */
  scopes: boolean;
}>;

/**
 * @throws NonoError `grant-denied` for a grant in a denied path, `rule-budget` where denials need too many rules,
 *   `unknown-abi`
 */
export function buildRuleset(
  capabilities: Capabilities,
  options: Options,
): Readonly<{ ruleset: Ruleset; split: readonly SplitDirectory[] }> {
  const rules = new Map<string, PathRule>();
  const splits: SplitRule[] = [];
  const split: SplitDirectory[] = [];
  const rights = rightsOfPieces(options.abi);
  const denied = new PathIndex(deniedPaths(capabilities, options.blocked), ({ path }) => path);
  for (const grant of capabilities.fs) {
    refuseDeniedGrant(grant, denied);
    for (const half of halvesOf(grant.access)) {
      const parts = splitGrant(grant, deniedIn(half, denied), options.view);
      for (const piece of parts.pieces) addRule(rules, piece, rights[half][piece.kind], grant);
      for (const { path, leftOut } of parts.opened) {
        split.push({ path, half, source: grant.source });
        splits.push({
          directory: path,
          files: rights[half].file,
          directories: rights[half].directory,
          leftOut,
          optional: path !== grant.path,
          source: grant.source,
        });
      }
      if (rules.size + splits.length > RULE_LIMIT)
        throw new NonoError({
          code: "rule-budget",
          path: grant.path,
          rules: rules.size + splits.length,
          limit: RULE_LIMIT,
        });
    }
  }
  for (const socket of capabilities.unixSockets) addSocketRule(rules, socket, options.abi);

  const ruleset: Ruleset = {
    handledFs: handledFs(options.abi),
    handledNet: capabilities.network.mode === "all" ? 0n : handledNet(options.abi),
    scoped: options.scopes ? scopesOf(capabilities, options.abi) : 0n,
    rules: [...rules.values()],
    splits,
    ports: portRules(capabilities, options.abi),
  };
  return { ruleset, split };
}

/** Where nothing may be granted. `denial`: who says so, unless it is an executable that is blocked. */
type Denied = Pick<FsDenial, "path" | "access"> & Readonly<{ denial: FsDenial | undefined }>;

function refuseDeniedGrant(grant: FsCapability, denied: PathIndex<Denied>): void {
  const around = denied.covering(grant.path);
  if (around.length === 0) return;
  const halves = halvesOf(grant.access);
  const denial = around.find(
    (one) => one.denial && halvesOf(one.access).some((half) => halves.includes(half)),
  )?.denial;
  if (denial !== undefined)
    throw new NonoError({
      code: "grant-denied",
      option: grant.source,
      path: grant.original,
      denied: denial.path,
      source: denial.source,
    });
}

/** A blocked executable is only out of reach when it can be neither read nor executed: both are in the read half. */
function deniedPaths({ denials }: Capabilities, blocked: readonly CanonicalPath[]): readonly Denied[] {
  return [
    ...denials.map((denial) => ({ path: denial.path, access: denial.access, denial })),
    ...blocked.map((path) => ({ path, access: "read" as const, denial: undefined })),
  ];
}

/** What is denied to one half, each path once. */
function deniedIn(half: AccessHalf, denied: PathIndex<Denied>): DeniedPaths {
  const ofHalf = (found: readonly Denied[]) =>
    found.length === 0
      ? []
      : [...new Set(found.filter((one) => halvesOf(one.access).includes(half)).map((one) => one.path))];
  return {
    within: (path) => ofHalf(denied.within(path)),
    covering: (path) => ofHalf(denied.covering(path)),
  };
}

/** Each once: a split grant has a thousand pieces. */
type RightsOfPiece = Readonly<Record<AccessHalf, Readonly<Record<Piece["kind"], bigint>>>>;

function rightsOfPieces(abi: number): RightsOfPiece {
  const of = (half: AccessHalf) => ({
    directory: rightsOf(half, "directory", abi),
    file: rightsOf(half, "file", abi),
    list: LIST_RIGHT,
  });
  return { read: of("read"), write: { ...of("write"), list: 0n } };
}

function addRule(rules: Map<string, PathRule>, piece: Piece, rights: bigint, grant: FsCapability): void {
  if (rights === 0n) return;
  mergeRule(rules, { path: piece.path, rights, optional: piece.path !== grant.path, source: grant.source });
}

function addSocketRule(
  rules: Map<string, PathRule>,
  socket: Capabilities["unixSockets"][number],
  abi: number,
): void {
  const rights = socketRight(abi);
  if (rights !== 0n) mergeRule(rules, { path: socket.path, rights, optional: true, source: socket.source });
}

function mergeRule(rules: Map<string, PathRule>, rule: PathRule): void {
  const known = rules.get(rule.path);
  if (known === undefined) rules.set(rule.path, rule);
  else
    rules.set(rule.path, {
      ...known,
      rights: known.rights | rule.rights,
      optional: known.optional && rule.optional,
      source: known.source === rule.source ? known.source : `${known.source}, ${rule.source}`,
    });
}

function scopesOf(capabilities: Capabilities, abi: number): bigint {
  if (capabilities.processes === "any") return 0n;
  return scopeOf("ABSTRACT_UNIX_SOCKET", abi) | scopeOf("SIGNAL", abi);
}

function portRules(capabilities: Capabilities, abi: number): readonly PortRule[] {
  const { network } = capabilities;
  if (network.mode !== "ports") return [];
  const rules = new Map<number, bigint>();
  for (const use of ["connect", "listen"] as const)
    for (const port of network[use]) rules.set(port, (rules.get(port) ?? 0n) | portRights(use, abi));
  return [...rules].filter(([, rights]) => rights !== 0n).map(([port, rights]) => ({ port, rights }));
}
