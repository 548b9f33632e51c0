// Which write that was granted explains that a file changed: a grant of the policy, or what was allowed while it ran. Pure.

import type { AuditEvent } from "nono-ts";
import { isAtOrBelow } from "../rollback/paths.ts";
import type { SessionData } from "./event.ts";

export type Explanation =
  | Readonly<{ by: "grant"; path: string; access: string; source: string }>
  | Readonly<{ by: "approval"; n: number; id: string; path: string }>
  | Readonly<{ by: "allowed"; n: number; operation: string }>;

export type RecordedWrite = Readonly<{ path: string; kind: string; snapshot: number; n: number }>;

type Rule = Readonly<{ explanation: Explanation | undefined; removable: boolean }>;

/** Kinds of events that it is told. */
export const WRITE_KINDS: ReadonlySet<string> = new Set(["start", "allowed", "answered", "snapshot"]);

/** Changes that are named; of more there is only the number. */
const NAMED = 10;

/** Takes the events of one session in their order. */
export class GrantedWrites {
  /** The deepest one decides, as everywhere. */
  readonly #rules = new Map<string, Rule>();
  readonly #allowed = new Map<string, Explanation>();
  readonly #below: (Explanation & { by: "approval" })[] = [];
  readonly #unexplained: RecordedWrite[] = [];
  #supervised = false;

  add({ kind, data, n }: AuditEvent): void {
    const known = data as unknown;
    if (kind === "start") this.#start(known as SessionData["start"]);
    if (kind === "allowed") this.#allow(known as SessionData["allowed"], n);
    if (kind === "answered") this.#answer(known as SessionData["answered"], n);
    if (kind === "snapshot") this.#compare(known as SessionData["snapshot"], n);
  }

  /** Of a session whose policy was not enforced on files by a supervisor nothing is said. */
  get unexplained(): readonly RecordedWrite[] {
    return this.#supervised ? this.#unexplained : [];
  }

  get problems(): readonly string[] {
    const more = this.unexplained.length - NAMED;
    return [
      ...this.unexplained
        .slice(0, NAMED)
        .map(
          ({ path, snapshot }) => `changed ${path} by snapshot ${snapshot}, which no granted write explains`,
        ),
      ...(more > 0 ? [`changed ${more} more that no granted write explains`] : []),
    ];
  }

  /** @param kind of the change */
  explain(path: string, kind: string): readonly Explanation[] {
    const below = this.#below.filter((one) => isAtOrBelow(path, one.path));
    const allowed = this.#allowed.get(path);
    const grant = this.#grantOf(path, kind);
    return [...(grant ? [grant] : []), ...below, ...(allowed ? [allowed] : [])];
  }

  #start({ policy }: SessionData["start"]): void {
    this.#supervised = policy?.supervised === true;
    for (const { path, access, source } of policy?.grants ?? [])
      if (access !== "read")
        this.#rules.set(path, { explanation: { by: "grant", path, access, source }, removable: false });
    for (const { access, paths, removable } of policy?.denials ?? [])
      if (access !== "read")
        for (const path of paths)
          this.#rules.set(path, { explanation: undefined, removable: removable === true });
  }

  #allow({ operation, path, to }: SessionData["allowed"], n: number): void {
    for (const one of [path, to])
      if (one !== undefined) this.#allowed.set(one, { by: "allowed", n, operation });
  }

  #answer({ id, allowed, access, path, covers }: SessionData["answered"], n: number): void {
    if (allowed && access !== "read") this.#below.push({ by: "approval", n, id, path: covers ?? path });
  }

  #compare({ number, changes }: SessionData["snapshot"], n: number): void {
    for (const { path, kind } of changes)
      if (this.explain(path, kind).length === 0) this.#unexplained.push({ path, kind, snapshot: number, n });
  }

  #grantOf(path: string, kind: string): Explanation | undefined {
    for (const place of placesOf(path)) {
      const rule = this.#rules.get(place);
      if (rule === undefined || (rule.removable && kind === "deleted")) continue;
      return rule.explanation;
    }
    return this.#savedBeside(path);
  }

  /** Beside a file that may be written, programs keep what they save it through. */
  #savedBeside(path: string): Explanation | undefined {
    const name = path.slice(path.lastIndexOf("/") + 1).replace(/^\./, "");
    for (
      let end = name.length;
      end > 0;
      end = Math.max(name.lastIndexOf(".", end - 1), name.lastIndexOf("~", end - 1))
    ) {
      const file = `${path.slice(0, path.lastIndexOf("/"))}/${name.slice(0, end)}`;
      const explanation =
        this.#rules.get(file)?.explanation ??
        this.#rules.get(file.replace(/\/(?=[^/]*$)/, "/."))?.explanation;
      if (explanation !== undefined) return explanation;
    }
    return undefined;
  }
}

/** The path and what is above it, the deepest first. */
function* placesOf(path: string): Generator<string> {
  for (let place = path; place !== ""; place = place.slice(0, place.lastIndexOf("/"))) yield place;
  yield "/";
}
