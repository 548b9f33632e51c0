// What stands before the start: a few lines, or all of it. Both are read from the document that --json prints.

import { PROTECTIONS } from "nono-ts";
import { networkText, show } from "nono-ts/internal";
import type { Output } from "../io.ts";
import type { SandboxDocument } from "../sandbox/document.ts";
import { rows } from "./rows.ts";
import { bold } from "./style.ts";

type Paper = Pick<Output, "columns" | "colour">;
type Row = readonly [label: string, text: string];

/** Paths that a short summary names before it counts the rest. */
const NAMED_LIMIT = 6;

const ACCESSES = ["read+write", "read", "write"] as const;

/** Before every start. */
export function shortSummary(sandbox: SandboxDocument, paper: Paper): string {
  const items: Row[] = [
    ...ACCESSES.map((access): Row => [access, grantsInShort(sandbox, access)]),
    ["denied", denied(sandbox)],
    ["guarded", guarded(sandbox.guard)],
    ["network", networkText(sandbox.network)],
    ["secrets", inShort(sandbox.secrets.map((secret) => secret.name))],
    ["withheld", inShort(sandbox.withheld.map(({ name }) => name))],
    ["skipped", sandbox.skipped.filter(isAskedFor).map(skippedText).join("; ")],
    [
      "not enforced",
      [
        ...sandbox.protections.filter(isMissing).map(({ name, why }) => `${name} (${why})`),
        ...(sandbox.guard.status === "off" ? [`the guard of what runs later (${sandbox.guard.why})`] : []),
      ].join("; "),
    ],
  ];
  return lines(
    `${bold("nono:", paper)} ${title(sandbox)}`,
    items.filter(([, text]) => text !== ""),
    paper,
  );
}

/** With --dry-run, and with -v. */
export function fullSummary(sandbox: SandboxDocument, paper: Paper): string {
  const { command, commands } = sandbox;
  const sections: readonly (readonly [string, readonly Row[]])[] = [
    [
      "command",
      command === null ? [] : [[show(command.path), command.argv.map((word) => show(word)).join(" ")]],
    ],
    ["groups", [["", sandbox.groups.join(", ")]]],
    ...ACCESSES.map((access): [string, readonly Row[]] => [
      access,
      sandbox.grants.filter((grant) => grant.access === access).map(sourced),
    ]),
    [
      "skipped",
      sandbox.skipped.map((skipped) => [
        show(skipped.original),
        `${show(skipped.source)}: ${show(skipped.why)}`,
      ]),
    ],
    ["denied", deniedRows(sandbox)],
    [
      "guarded",
      [
        ...sandbox.denials.flatMap(({ path, access, asks }): readonly Row[] =>
          asks === undefined
            ? []
            : [[show(path), `not ${access === "write" ? "" : "read or "}written: ${show(asks)}`]],
        ),
        ["", guarded(sandbox.guard)],
      ],
    ],
    [
      "unix sockets",
      sandbox.unixSockets.map((socket) => [show(socket.path), `${socket.scope}, ${show(socket.source)}`]),
    ],
    [
      "network",
      [
        [
          "",
          networkText(sandbox.network) + (sandbox.networkSource ? ` (${show(sandbox.networkSource)})` : ""),
        ],
      ],
    ],
    ["blocked commands", [["", commands.blocked.map(({ name }) => show(name)).join(", ")]]],
    ["blocked by name only", commands.unblockable.map((one) => [show(one.command), show(one.why)])],
    ["variables passed on", [["", sandbox.environment.map((name) => show(name)).join(", ")]]],
    [
      "secrets",
      sandbox.secrets.map(({ name, reference, source }) => [
        show(name),
        `from ${show(reference)}, ${show(source)}`,
      ]),
    ],
    ["variables withheld", sandbox.withheld.map(({ name, why }) => [show(name), show(why)])],
    ["limits", Object.entries(sandbox.limits).map(([name, value]) => [name, String(value)])],
    ["protections", sandbox.protections.map(protectionRow)],
    ["kernel", [["", kernelText(sandbox)]]],
  ];
  const parts = sections
    .map(([heading, items]) => [heading, items.filter(([label, text]) => label + text !== "")] as const)
    .filter(([, items]) => items.length > 0)
    .map(([heading, items]) => lines(`  ${bold(heading, paper)}`, items, paper, 4));
  return `${title(sandbox)}\n${parts.join("")}`;
}

/** `file-grants  enforced by landlock: …` */
export function protectionRow(protection: SandboxDocument["protections"][number]): Row {
  const meaning = PROTECTIONS[protection.name];
  switch (protection.status) {
    case "enforced":
      return [
        protection.name,
        `enforced by ${protection.by}: ${meaning}${protection.note ? ` (${show(protection.note)})` : ""}`,
      ];
    case "unavailable":
      return [protection.name, `NOT enforced: ${show(protection.why)}`];
    case "not-asked":
      return [protection.name, "not asked for"];
  }
}

function lines(heading: string, items: readonly Row[], { columns }: Paper, indent = 2): string {
  const unlabelled = items.every(([label]) => label === "") ? { textColumn: indent } : {};
  return `${[heading, ...rows(items, { columns, indent, labelLimit: 40, ...unlabelled })].join("\n")}\n`;
}

function title(sandbox: SandboxDocument): string {
  const name = sandbox.name === null ? "" : ` (${show(sandbox.name)})`;
  return `profile ${show(sandbox.profile)}${name}`;
}

/** What the user or the profile asked for by name; what groups add is only counted. */
function grantsInShort({ grants }: SandboxDocument, access: string): string {
  const all = grants.filter((grant) => grant.access === access);
  const ofGroups = all.filter(({ source }) => source.startsWith("group:"));
  const named = all.filter(({ source }) => !(source.startsWith("group:") || source.startsWith("nono:")));
  const counted = ofGroups.length === 0 ? [] : [`${counting(ofGroups.length, "path")} of groups`];
  return [inShort(named.map(({ path }) => path)), ...counted].filter((text) => text !== "").join("; ");
}

function counting(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : nouns}`;
}

function guarded(guard: SandboxDocument["guard"]): string {
  if (guard.status !== "on") return "";
  const [names, repositories] = [
    counting(guard.places, "name"),
    counting(guard.repositories, "repository", "repositories"),
  ];
  const what = `${names} of what runs later; ${repositories} found`;
  return guard.complete ? what : `${what}, in too many directories to look into all of them`;
}

function denied({ denials, commands }: SandboxDocument): string {
  const parts = [
    [new Set(denials.filter(isDenied).map(({ path }) => path)).size, "path"],
    [commands.blocked.length, "command"],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, noun]) => counting(count, noun))
    .join(", ");
}

/** What a variable moves is named twice by groups, and often lies in one place: it is said once. */
function deniedRows({ denials }: SandboxDocument): readonly Row[] {
  const said = denials.filter(isDenied).map(({ path, access, source }): Row => {
    const half = access === "write" ? " (only writing)" : access === "read" ? " (only reading)" : "";
    return [show(path), `${show(source)}${half}`];
  });
  return [...new Map(said.map((row) => [row.join("\0"), row])).values()];
}

/** A denial that may be asked about is a guard. */
function isDenied({ asks }: SandboxDocument["denials"][number]): boolean {
  return asks === undefined;
}

function inShort(names: readonly string[]): string {
  const shown = names.slice(0, NAMED_LIMIT).map((name) => show(name, 200));
  const left = names.length - shown.length;
  return left === 0 ? shown.join(", ") : `${shown.join(", ")} and ${left} more`;
}

/** Built-in groups name what many machines do not have; only what somebody wrote for this run is worth a word. */
function isAskedFor({ source }: SandboxDocument["skipped"][number]): boolean {
  return source.startsWith("--");
}

function skippedText({ original, source, why }: SandboxDocument["skipped"][number]): string {
  return `${show(source)} ${show(original)} (${show(why)})`;
}

function isMissing(
  protection: SandboxDocument["protections"][number],
): protection is Extract<SandboxDocument["protections"][number], { status: "unavailable" }> {
  return protection.status === "unavailable";
}

function sourced({ path, source }: Readonly<{ path: string; source: string }>): Row {
  return [show(path), show(source)];
}

function kernelText(sandbox: SandboxDocument): string {
  const { landlock, seatbelt } = sandbox;
  if (landlock === null) return `Seatbelt, ${seatbelt?.rules.length ?? 0} rules`;
  return `Landlock ABI ${landlock.abi}, ${rulesText(landlock)}; seccomp ${filters(sandbox)}`;
}

/** A split has a rule for each entry that its directory will have at the start. */
function rulesText({ rules, splits }: NonNullable<SandboxDocument["landlock"]>): string {
  const entries = splits.length === 0 ? "" : `, and one for each entry of ${splits.length} directories`;
  return `${rules.length} rules${entries}`;
}

function filters({ seccomp }: SandboxDocument): string {
  return seccomp.map(({ name, instructions }) => `${name} (${instructions} instructions)`).join(", ");
}
