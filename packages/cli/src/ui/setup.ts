// What nono setup found, for people.

import type { Place, Protection, SupportInfo } from "nono-ts";
import { show } from "nono-ts/internal";
import type { Output } from "../io.ts";
import { rows } from "./rows.ts";
import { bold } from "./style.ts";
import { protectionRow } from "./summary.ts";
import { wrap } from "./wrap.ts";

type Paper = Pick<Output, "columns" | "colour">;

type Found = Readonly<{
  support: SupportInfo;
  protections: readonly Protection[];
  unsupervised: string | null;
  place: Place;
  agents: readonly Readonly<{ name: string; start: string; executable: string }>[];
}>;

/** @param further whether what else setup does is said */
export function renderSetup(found: Found, further: boolean, paper: Paper): string {
  const { support, protections, unsupervised } = found;
  const verdict = support.isSupported ? "sandboxes can be made here" : "no sandbox can be made here";
  const missing = protections.filter(({ status }) => status === "unavailable").length;
  const remedy = remedyOf(support, unsupervised);
  return [
    ...wrap(`${bold(verdict, paper)}: ${show(support.details)}`, paper.columns),
    ...placeLines(found.place, paper),
    ...rows(protections.map(protectionRow), paper),
    ...(missing === 0 ? [] : [`${missing} not enforced: ${remedy}`]),
    ...(support.isSupported ? agentLines(found, paper) : []),
    ...(further ? furtherLines(paper) : []),
    "",
  ].join("\n");
}

function remedyOf({ platform }: SupportInfo, unsupervised: string | null): string {
  if (platform === "darwin") return "Seatbelt has nothing for them";
  return unsupervised === null ? "a newer kernel has them" : "a newer kernel or a supervisor would have them";
}

const CONTAINERS: Readonly<Record<NonNullable<Place["container"]>, string>> = {
  docker: "a Docker container",
  podman: "a Podman container",
  kubernetes: "a pod of Kubernetes",
  container: "a container",
};

const KERNELS: Readonly<Record<Place["kernel"], string | undefined>> = {
  linux: undefined,
  wsl1: "WSL 1",
  wsl2: "WSL 2",
  gvisor: "gVisor",
};

function placeLines({ kernel, container, ci, nested }: Place, paper: Paper): readonly string[] {
  const where = [
    nested ? "a sandbox of nono" : undefined,
    KERNELS[kernel],
    container === undefined ? undefined : CONTAINERS[container],
    ci === undefined ? undefined : `continuous integration (${ci})`,
  ].filter((text) => text !== undefined);
  return where.length === 0 ? [] : wrap(`in ${where.join(", ")}`, paper.columns);
}

function agentLines({ agents }: Found, paper: Paper): readonly string[] {
  if (agents.length === 0)
    return [
      "",
      ...wrap(
        "no agent that has a profile is installed; nono run starts any other command as well",
        paper.columns,
      ),
    ];
  const items = agents.flatMap(({ name, start, executable }) => [
    [name, start] as const,
    ["", show(executable)] as const,
  ]);
  return ["", "agents, and the line that starts each:", ...rows(items, paper)];
}

function furtherLines(paper: Paper): readonly string[] {
  const items = [
    ["--completion bash|zsh|fish", "completes nono's commands and options in your shell"],
    ["--example-profile NAME", "a profile of your own to start from"],
  ] as const;
  return ["", "nono setup can write:", ...rows(items, { ...paper, labelLimit: 30 })];
}
