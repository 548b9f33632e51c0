// Completion for zsh, on _arguments of its own completion system (zshcompsys(1)).

import type { Completion } from "../args/operand.ts";
import type { CompletedOption, Place } from "./model.ts";

export function zshCompletion(places: readonly Place[]): string {
  return `#compdef nono
# zsh completion for nono: nono completion zsh > "\${fpath[1]}/_nono"

_nono_profiles() {
  local -a names
  names=(\${(f)"$(_call_program profiles nono profile list --names 2>/dev/null)"})
  _alternative 'names:profile:compadd -a names' 'files:file:_files'
}

${places.map(functionOf).join("\n\n")}

if [ "$funcstack[1]" = _nono ]; then _nono "$@"; else compdef _nono nono; fi
`;
}

function functionName(path: readonly string[]): string {
  return ["_nono", ...path].join("_");
}

function functionOf(place: Place): string {
  const options = place.options.map((option) => `    ${specOf(option)}`);
  const name = functionName(place.path);
  if (place.subcommands.length > 0)
    return `${name}() {
  local curcontext=$curcontext state line
  local -a commands
  commands=(
${place.subcommands.map((command) => `    ${quote(`${command.name}:${command.summary}`)}`).join("\n")}
  )
  _arguments -C -s \\
${[...options, "    '1:command:->command'", "    '*::argument:->arguments'"].join(" \\\n")}
  case $state in
    command) _describe -t commands command commands ;;
    arguments)
      case $line[1] in
${place.subcommands.map((command) => `        ${command.name}) ${functionName([...place.path, command.name])} ;;`).join("\n")}
      esac ;;
  esac
}`;
  return `${name}() {
  _arguments -s${place.passThrough ? "" : " -S"} \\
${[...options, ...operandSpecs(place)].join(" \\\n")}
}`;
}

/** `'(-p --profile)'{-p,--profile}'[help]:value:action'` */
function specOf({ flags, help, value }: CompletedOption): string {
  const text = quote(
    `[${help.replace(/[\\[\]:]/g, "\\$&")}]${value === undefined ? "" : `:value:${actionOf(value)}`}`,
  );
  return flags.length === 1 ? `'*'${flags[0]}${text}` : `'*'{${flags.join(",")}}${text}`;
}

function operandSpecs(place: Place): readonly string[] {
  if (place.passThrough && place.operand === "command")
    return ["    '(-)1:command:_command_names -e'", "    '*::argument:_normal'"];
  if (place.passThrough) return ["    '*::argument:_default'"];
  return place.operand === "none" ? [] : [`    ${quote(`*:argument:${actionOf(place.operand)}`)}`];
}

function actionOf(completion: Completion): string {
  if (typeof completion !== "string") return `(${completion.join(" ")})`;
  return {
    directory: "_files -/",
    file: "_files",
    command: "_command_names -e",
    profile: "_nono_profiles",
    none: " ",
  }[completion];
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
