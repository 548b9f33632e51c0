// nono profile groups: what profiles are made of.

import { show } from "nono-ts/internal";
import type { Action, FlagsOf } from "../../args/command.ts";
import { ExitCode } from "../../exit-code.ts";
import { type ListedGroup, listGroups } from "../../policy/catalog/list.ts";
import { PolicyError } from "../../policy/error.ts";
import { loadGroups } from "../../policy/group/catalog.ts";
import { toJson } from "../../sandbox/document.ts";
import { nearest } from "../../text/nearest.ts";
import { rows } from "../../ui/rows.ts";
import type { JSON_SECTIONS } from "./options.ts";
import { placeFor } from "./place.ts";

export const groups: Action<FlagsOf<typeof JSON_SECTIONS>> = async ({ json }, { operands: [name], io }) => {
  const { catalog } = await loadGroups(placeFor(io));
  if (name === undefined) {
    const all = listGroups(catalog);
    io.stdout.write(
      json
        ? toJson(all)
        : lines(
            all.map((group) => [show(group.name), textOf(group)]),
            io.stdout.columns,
          ),
    );
    return ExitCode.ok;
  }
  const parts = catalog.get(name);
  if (parts === undefined) {
    const near = nearest(name, catalog.keys());
    throw new PolicyError({ code: "group-missing", name, source: "nono profile groups", nearest: near });
  }
  // A group is read as it is written: variables and all.
  io.stdout.write(toJson(parts.length === 1 ? parts[0]?.group : parts));
  return ExitCode.ok;
};

function textOf({ description, required, platform, usedBy }: ListedGroup): string {
  const notes = [
    required ? "always on" : "",
    platform === undefined ? "" : `only ${platform}`,
    usedBy.join(", "),
  ];
  const shown = notes.filter((note) => note !== "").join("; ");
  return show(shown === "" ? description : `${description} (${shown})`);
}

function lines(items: readonly (readonly [string, string])[], columns: number): string {
  return `${rows(items, { columns, indent: 0, labelLimit: 32 }).join("\n")}\n`;
}
