// How a run keeps snapshots: what its options say, and its profile where they say nothing.

import { type Budget, DEFAULT_EXCLUDES, type Filter } from "nono-ts";
import { CliError } from "../error.ts";
import type { RollbackRules } from "../policy/policy.ts";
import type { RollbackFlags } from "../sandbox/options.ts";

/** When snapshots are taken in between; undefined: not for that reason. */
export type Pace = Readonly<{ minutes: number | undefined; changes: number | undefined }>;

export type RollbackSettings = Readonly<{
  filter: Filter;
  /** Caches are kept, too. */
  everything: boolean;
  budget: Budget;
  pace: Pace;
  /** Whether what changed is offered for review at the end. */
  prompt: boolean;
}>;

/** More than this is hardly meant, and takes long to read. */
const USUAL_BUDGET: Budget = { entries: 1_000_000, bytes: 4e9 };

/**
 * Undefined: no snapshots are wanted.
 * @throws CliError `option-needs` where an option shapes snapshots that nobody asked for
 */
export function rollbackSettings(flags: RollbackFlags, rules: RollbackRules): RollbackSettings | undefined {
  if (flags.noRollback) return undefined;
  if (!flags.rollback && rules.enabled === undefined) {
    const given = shapedBy(flags);
    if (given === undefined) return undefined;
    throw new CliError({ code: "option-needs", option: given, other: "--rollback" });
  }
  const everything = flags.rollbackAll || rules.everything !== undefined;
  return {
    filter: everything ? ownFilter(flags, rules, []) : ownFilter(flags, rules, DEFAULT_EXCLUDES),
    everything,
    budget: {
      entries: flags.rollbackMaxFiles ?? rules.maxFiles ?? USUAL_BUDGET.entries,
      bytes: flags.rollbackMaxSize ?? rules.maxSize ?? USUAL_BUDGET.bytes,
    },
    pace: {
      minutes: flags.rollbackEvery ?? rules.everyMinutes,
      changes: flags.rollbackEveryChanges ?? rules.everyChanges,
    },
    prompt: !flags.noRollbackPrompt,
  };
}

const SHAPING = {
  "--rollback-exclude": ({ rollbackExclude }) => rollbackExclude.length > 0,
  "--rollback-include": ({ rollbackInclude }) => rollbackInclude.length > 0,
  "--rollback-all": ({ rollbackAll }) => rollbackAll,
  "--rollback-every": ({ rollbackEvery }) => rollbackEvery !== undefined,
  "--rollback-every-changes": ({ rollbackEveryChanges }) => rollbackEveryChanges !== undefined,
  "--rollback-max-files": ({ rollbackMaxFiles }) => rollbackMaxFiles !== undefined,
  "--rollback-max-size": ({ rollbackMaxSize }) => rollbackMaxSize !== undefined,
} as const satisfies Readonly<Record<string, (flags: RollbackFlags) => boolean>>;

function shapedBy(flags: RollbackFlags): string | undefined {
  return Object.entries(SHAPING).find(([, isGiven]) => isGiven(flags))?.[0];
}

/** What is excluded on the command line stays out, whatever a profile includes. */
function ownFilter(flags: RollbackFlags, rules: RollbackRules, usual: readonly string[]): Filter {
  const patterns = (list: RollbackRules["exclude"]) => list.map(({ pattern }) => pattern);
  const excluded = new Set(flags.rollbackExclude);
  const include = [...patterns(rules.include).filter((one) => !excluded.has(one)), ...flags.rollbackInclude];
  return {
    exclude: unique([...usual, ...patterns(rules.exclude), ...flags.rollbackExclude].map(fromRoot)),
    include: unique(include.map(fromRoot)),
  };
}

/** `./data` is `/data`. */
function fromRoot(pattern: string): string {
  return pattern.replace(/^\.\//, "/");
}

function unique(list: readonly string[]): readonly string[] {
  return [...new Set(list)];
}
