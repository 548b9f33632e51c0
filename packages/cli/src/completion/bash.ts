// Completion for bash 4 and later, without the bash-completion package.

import type { Completion } from "../args/operand.ts";
import type { CompletedOption, Place } from "./model.ts";

export function bashCompletion(places: readonly Place[]): string {
  return `# bash completion for nono: source <(nono completion bash)

_nono_words() {
  case $1 in
${cases(places, wordsOf)}
  esac
}

_nono_flags() {
  case $1 in
${cases(places, (place) => place.options.flatMap(({ flags }) => flags))}
  esac
}

# What the value of an option, or an operand (_), is completed with.
_nono_kind() {
  case "$1 $2" in
${places.flatMap(kinds).join("\n")}
  esac
}

_nono_offer() {
  local kind=$1 cur=$2
  local IFS=$'\\n'
  case $kind in
    directory) compopt -o filenames; COMPREPLY=($(compgen -d -- "$cur")) ;;
    file) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")) ;;
    command) compopt -o filenames; COMPREPLY=($(compgen -c -- "$cur") $(compgen -d -- "$cur")) ;;
    profile)
      compopt -o filenames
      COMPREPLY=($(compgen -W "$(nono profile list --names 2>/dev/null)" -- "$cur") $(compgen -f -- "$cur")) ;;
    *) IFS=' '; COMPREPLY=($(compgen -W "\${kind#words:}" -- "$cur")) ;;
  esac
}

_nono() {
  local cur=\${COMP_WORDS[COMP_CWORD]} place=nono kind='' operands=0 i word
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ $kind ]]; then kind=''; continue; fi
    if [[ $word == -- ]]; then operands=1; ((i++)); break; fi
    if [[ $word == -* ]]; then kind=$(_nono_kind "$place" "$word"); continue; fi
    if [[ " $(_nono_words "$place") " == *" $word "* ]]; then place="$place $word"; continue; fi
    if [[ $place == @(${passThroughPattern(places)}) ]]; then operands=1; break; fi
  done
  if ((operands)) && [[ $place == @(${passThroughPattern(places)}) ]]; then
    if declare -F _command_offset >/dev/null && ((i < COMP_CWORD)); then
      _command_offset "$i"
    elif ((i < COMP_CWORD)); then
      _nono_offer file "$cur"
    else
      _nono_offer "$(_nono_kind "$place" _)" "$cur"
    fi
  elif [[ $kind ]]; then
    _nono_offer "$kind" "$cur"
  elif [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$(_nono_flags "$place")" -- "$cur"))
  elif [[ $(_nono_words "$place") ]]; then
    COMPREPLY=($(compgen -W "$(_nono_words "$place")" -- "$cur"))
  else
    kind=$(_nono_kind "$place" _)
    if [[ $kind ]]; then _nono_offer "$kind" "$cur"; fi
  fi
}

complete -F _nono nono
`;
}

function nameOf(place: Place): string {
  return ["nono", ...place.path].join(" ");
}

function wordsOf(place: Place): readonly string[] {
  return place.subcommands.map(({ name }) => name);
}

function cases(places: readonly Place[], words: (place: Place) => readonly string[]): string {
  return places
    .filter((place) => words(place).length > 0)
    .map((place) => `    '${nameOf(place)}') echo '${words(place).join(" ")}' ;;`)
    .join("\n");
}

function kinds(place: Place): readonly string[] {
  const values = place.options.flatMap(({ flags, value }: CompletedOption) =>
    value === undefined ? [] : [line(place, flags, value === "none" ? "words:" : value)],
  );
  return place.operand === "none" ? values : [...values, line(place, ["_"], place.operand)];
}

function line(place: Place, flags: readonly string[], kind: Completion | "words:"): string {
  const pattern = flags.map((flag) => `'${nameOf(place)} ${flag}'`).join(" | ");
  return `    ${pattern}) echo '${typeof kind === "string" ? kind : `words:${kind.join(" ")}`}' ;;`;
}

function passThroughPattern(places: readonly Place[]): string {
  return places
    .filter((place) => place.passThrough)
    .map((place) => nameOf(place).replace(" ", "\\ "))
    .join("|");
}
