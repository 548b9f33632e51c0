// What is put to a person at once: one request and all that are the same, or many in one directory.

import { directoryOf } from "nono-ts/internal";
import { type ApprovalRequest, questionKey } from "../request.ts";
import type { Waiting } from "../waiting-list.ts";

/** Requests that are the same. */
export type Item = Readonly<{ request: ApprovalRequest; ids: readonly string[] }>;

export type Question = Readonly<{
  /** At least one. With several all differ in the path only, and lie in one directory. */
  items: readonly [Item, ...(readonly Item[])];
  /** Other questions that wait. */
  others: number;
}>;

/** The question about what has waited longest; undefined: nothing waits. @param together many of a directory as one */
export function nextQuestion(waiting: readonly Waiting[], together: boolean): Question | undefined {
  const groups = groupsOf(itemsOf(waiting.map(({ request }) => request)), together);
  const [first] = groups;
  const [item, ...more] = first ?? [];
  return item && { items: [item, ...more], others: groups.length - 1 };
}

/** The requests that an answer is about. */
export function idsOf({ items }: Question): readonly string[] {
  return items.flatMap(({ ids }) => ids);
}

/** The directory that a yes for the session may cover; undefined: there is none, or not one for all. */
export function directoryOfQuestion({ items: [first, ...others] }: Question): string | undefined {
  const { directory } = first.request.covers;
  return others.every(({ request }) => request.covers.directory === directory) ? directory : undefined;
}

function itemsOf(requests: readonly ApprovalRequest[]): readonly Item[] {
  const items = new Map<string, { request: ApprovalRequest; ids: string[] }>();
  for (const request of requests) {
    const known = items.get(questionKey(request));
    if (known === undefined) items.set(questionKey(request), { request, ids: [request.id] });
    else known.ids.push(request.id);
  }
  return [...items.values()];
}

function groupsOf(items: readonly Item[], together: boolean): readonly (readonly Item[])[] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const { access, operation, path, runsLater = "", other } = item.request;
    const elsewhere = other === undefined ? "" : `${other.relation} ${directoryOf(other.path)}`;
    const key = together
      ? [access, operation, directoryOf(path), runsLater, elsewhere].join("\0")
      : item.request.id;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
