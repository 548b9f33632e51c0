// Which filters a sandbox gets, in the order in which they are installed. The strictest answer of all of them counts.

import { filterOf } from "./assemble.ts";
import { type BaselineOptions, baselineTable } from "./baseline.ts";
import { type NetworkOptions, networkTable } from "./network.ts";
import type { Filter } from "./program.ts";
import { supervisorTable } from "./supervisor-filter.ts";
import type { FilterTable } from "./table.ts";

export type FilterOptions = Omit<BaselineOptions, "processes"> &
  NetworkOptions &
  Readonly<{
    /** Processes outside are within reach. Absent: they are not. */
    anyProcess?: boolean;
  }>;

/** The tables behind `filtersOf`, for listings. */
export function tablesOf(options: FilterOptions): readonly FilterTable[] {
  const { supervisor = false, anyProcess = false } = options;
  const baseline = anyProcess
    ? baselineTable({ ...options, processes: "any" })
    : baselineTable(supervisor ? { ...options, processes: "judged" } : options);
  const network = networkTable(options);
  return [baseline, ...(network === undefined ? [] : [network])];
}

/** A pure cache: there are a few dozen option sets, and assembling one takes as long as the rest of a small plan. */
const assembled = new Map<string, readonly Filter[]>();

/** The filters of a sandbox. */
export function filtersOf(options: FilterOptions): readonly Filter[] {
  const { arch, userNamespaces, network, unixSockets, listens = false } = options;
  const { supervisor = false, anyProcess = false } = options;
  const key = [arch, userNamespaces, network, unixSockets, listens, supervisor, anyProcess].join();
  const known = assembled.get(key);
  if (known !== undefined) return known;
  const filters = assemble(options);
  assembled.set(key, filters);
  return filters;
}

function assemble(options: FilterOptions): readonly Filter[] {
  const own = tablesOf(options).map((table) => filterOf(table));
  const { arch, network, supervisor = false, anyProcess = false } = options;
  return supervisor ? [...own, filterOf(supervisorTable({ arch, network, anyProcess }), true)] : own;
}
