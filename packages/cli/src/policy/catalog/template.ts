// The file that `nono profile init` writes: a profile that says little, and says in comments what it could say.

export type TemplateOptions = Readonly<{
  name: string;
  extends: string;
  description: string;
}>;

/** JSON with comments that loads as it is. */
export function profileTemplate({ name, extends: base, description }: TemplateOptions): string {
  return `// A profile of nono. \`nono profile validate FILE\` says whether it is in order, \`nono profile show ${name}\` what it
// comes to, \`nono profile groups\` which groups there are.
{
  "meta": {
    "name": ${JSON.stringify(name)},
    "description": ${JSON.stringify(description)},
  },

  // What it adds to.
  "extends": ${JSON.stringify(base)},

  "groups": {
    "include": [], // for example "node_runtime", "git_config"
    "exclude": [], // of those that it inherits
  },

  // Directories and files beside those of the groups. ~ and $HOME, $WORKDIR, $TMPDIR, $XDG_CONFIG_HOME are known.
  "filesystem": {
    "read": [],
    "allow": [], // to read and write
    "read_file": [],
    "allow_file": [],
    "deny": [],
  },

  // The working directory: none, read, write or readwrite.
  "workdir": { "access": "readwrite" },

  // "network": { "block": true },
  // "environment": { "allow_vars": ["EXAMPLE_TOKEN"], "set_vars": { "EXAMPLE": "value" } },
  // "commands": { "allow": ["chmod"], "deny": ["docker"] },
}
`;
}
