// Options that would allow what is refused. Only those that nono itself would take: it refuses a grant that reaches its
// own configuration or state, or that lets a command write what grants it its rights.

import { statSync } from "node:fs";
import { type AccessMode, bytesOf, type CanonicalPath, type QueriedPlan } from "nono-ts";
import { directoryOf, ipAddressOf, isLoopback, isWithin, show } from "nono-ts/internal";
import { hostIn, textOfHost } from "../text/host.ts";
import type { SandboxDocument } from "./document.ts";

type Ungrantable = SandboxDocument["ungrantable"];
type Question = Readonly<{ path: CanonicalPath; access: AccessMode }>;

export type SuggestedGrant = Readonly<{
  path: CanonicalPath;
  kind: "file" | "directory";
  access: AccessMode;
}>;

/** A grant of just enough: of the file, or of the directory that what is missing would be made in. */
export function grantFor({ path, access }: Question, ungrantable: Ungrantable): SuggestedGrant | undefined {
  const stat = statSync(bytesOf(path), { throwIfNoEntry: false });
  const kind = stat === undefined || stat.isDirectory() ? "directory" : "file";
  const place = stat === undefined ? (directoryOf(path) as CanonicalPath) : path;
  const refused = ungrantable.some(
    (one) => overlaps(one.access, access) && meets(place, one.path as CanonicalPath),
  );
  return refused ? undefined : { path: place, kind, access };
}

/** The options for that, and for lifting whatever denies the path; null: none would do. */
export function changeFor(
  { denials }: Pick<QueriedPlan, "denials">,
  question: Question,
  ungrantable: Ungrantable,
): string | null {
  const grant = grantFor(question, ungrantable);
  return grant === undefined ? null : [...liftings(denials, question), optionOf(grant)].join(" ");
}

export function optionOf({ path, kind, access }: SuggestedGrant): string {
  return `${OPTIONS[kind][access]} ${quoted(path)}`;
}

const OPTIONS = {
  file: { read: "--read-file", write: "--write-file", "read+write": "--allow-file" },
  directory: { read: "--read", write: "--write", "read+write": "--allow" },
} as const;

/** The option that opens a blocked command. */
export function commandOption(name: string): string {
  return `--allow-command ${quoted(name)}`;
}

/** The option that lets TCP connect there: to that host alone, where the platform can tell it from others. */
export function connectOption(
  plan: QueriedPlan,
  { host, port }: Readonly<{ host: string; port: number }>,
): string {
  const named = hostIn(textOfHost({ host, port }));
  const address = named && ipAddressOf(named.host);
  const isOwn = named?.host === "localhost" || (address !== undefined && isLoopback(address));
  if (named === undefined || ("seatbelt" in plan && !isOwn)) return `--allow-connect-port ${port}`;
  return `--allow-connect ${quoted(textOfHost("seatbelt" in plan ? { host: "localhost", port } : named))}`;
}

/** The option that lifts a denial. */
export function bypassOption(path: string): string {
  return `--bypass-protection ${quoted(path)}`;
}

/** The options that grant a unix socket; null: none would do. */
export function socketChange(
  { denials }: Pick<QueriedPlan, "denials">,
  { path, bind }: Readonly<{ path: CanonicalPath; bind: boolean }>,
  ungrantable: Ungrantable,
): string | null {
  if (ungrantable.some((one) => one.access === "read+write" && meets(path, one.path as CanonicalPath)))
    return null;
  const option = `${bind ? "--allow-unix-socket-bind" : "--allow-unix-socket"} ${quoted(path)}`;
  const denied = denials.filter(({ access }) => access === "read+write");
  return [...liftings(denied, { path, access: "read+write" }), option].join(" ");
}

/** Each denial around the path has to be lifted, by its own. */
function liftings(denials: QueriedPlan["denials"], { path, access }: Question): readonly string[] {
  const around = denials.filter((one) => isWithin(path, one.path) && overlaps(one.access, access));
  return [...new Set(around.map((one) => bypassOption(one.path)))];
}

function overlaps(one: string, other: AccessMode): boolean {
  return one === "read+write" || other === "read+write" || one === other;
}

function meets(path: CanonicalPath, root: CanonicalPath): boolean {
  return isWithin(path, root) || isWithin(root, path);
}

/** Fit to be typed into a shell, where no byte of it is special there. */
function quoted(text: string): string {
  const shown = show(text);
  return /^[\w./@%+=:,-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}
