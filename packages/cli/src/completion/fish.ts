// Completion for fish 3 and later.

import type { Completion } from "../args/operand.ts";
import type { CompletedOption, Place } from "./model.ts";

export function fishCompletion(places: readonly Place[]): string {
  return `# fish completion for nono: nono completion fish > ~/.config/fish/completions/nono.fish

# Prints where the cursor is: the subcommands on the way, or "command" behind the first word of somebody else's line.
function __nono_place
    set -l place nono
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        switch "$place $word"
${places.flatMap(steps).join("\n")}
        end
    end
    echo $place
end

function __nono_at
    test (__nono_place) = "$argv"
end

complete -c nono -f
complete -c nono -n '__nono_at command' -a '(__fish_complete_subcommand --commandline (__nono_rest))'
${places.flatMap(linesOf).join("\n")}

# The command line behind ours.
function __nono_rest
    set -l words (commandline -opc) (commandline -ct)
    set -l place nono
    set -l skip 0
    for i in (seq 2 (count $words))
        set -l word $words[$i]
        if test $skip = 1
            set skip 0
            continue
        end
        switch "$place $word"
${places.flatMap(steps).join("\n").replaceAll("set place command", "string join -- ' ' $words[$i..-1]; return")}
        end
    end
end
`;
}

function nameOf(place: Place): string {
  return ["nono", ...place.path].join(" ");
}

/** How one more word changes the place; `case` takes wildcards, so the last one is any operand. */
function steps(place: Place): readonly string[] {
  const name = nameOf(place);
  const valued = place.options.filter(({ value }) => value !== undefined).flatMap(({ flags }) => flags);
  return [
    ...place.subcommands.map((command) =>
      branch([`${name} ${command.name}`], `set place "${name} ${command.name}"`),
    ),
    ...(valued.length > 0
      ? [
          branch(
            valued.map((flag) => `${name} ${flag}`),
            "set skip 1",
          ),
        ]
      : []),
    ...(place.passThrough
      ? [branch([`${name} --`, `${name} -*`], "true"), branch([`${name} *`], "set place command")]
      : []),
  ];
}

function branch(patterns: readonly string[], action: string): string {
  return `            case ${patterns.map(quote).join(" ")}\n                ${action}`;
}

function linesOf(place: Place): readonly string[] {
  const at = `complete -c nono -n ${quote(`__nono_at ${nameOf(place)}`)}`;
  return [
    ...place.subcommands.map((command) => `${at} -a ${command.name} -d ${quote(command.summary)}`),
    ...place.options.map((option) => `${at} ${optionWords(option)} -d ${quote(option.help)}`),
    ...(place.operand === "none" ? [] : [`${at}${argumentsOf(place.operand)}`]),
  ];
}

function optionWords({ flags, value }: CompletedOption): string {
  const names = flags.map((flag) => (flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  if (value === undefined) return names.join(" ");
  return `${names.join(" ")} -r${argumentsOf(value)}`;
}

function argumentsOf(completion: Completion): string {
  if (typeof completion !== "string") return ` -x -a ${quote(completion.join(" "))}`;
  return {
    directory: " -x -a '(__fish_complete_directories)'",
    file: " -F",
    command: " -x -a '(__fish_complete_command)'",
    profile: " -F -a '(nono profile list --names 2>/dev/null)'",
    none: " -x",
  }[completion];
}

function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
