// Where shells look for a user's own completion scripts, and what else they need. Pure.

import { resolvePath } from "nono-ts/internal";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

export type CompletionPlace = Readonly<{ file: string /** What the person may have to do. */; hint: string }>;

/** @param variables absolute paths */
export function completionPlace(
  shell: Shell,
  { data, config }: Readonly<{ data: string; config: string }>,
): CompletionPlace {
  switch (shell) {
    case "bash": {
      const file = resolvePath(data, "bash-completion/completions/nono");
      return {
        file,
        hint: `new shells have it where bash-completion is installed; elsewhere add to ~/.bashrc: . ${file}`,
      };
    }
    case "zsh": {
      const directory = resolvePath(data, "zsh/site-functions");
      return {
        file: resolvePath(directory, "_nono"),
        hint: `new shells have it with this in ~/.zshrc, before compinit: fpath=(${directory} $fpath)`,
      };
    }
    case "fish":
      return { file: resolvePath(config, "fish/completions/nono.fish"), hint: "new shells have it" };
  }
}
