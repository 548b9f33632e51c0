// Files that somebody runs later, outside of the sandbox, by their names. What the guard of workspaces knows comes from
// its group; here stands what is work as well as a way out, and cannot be kept from an agent.

import { GROUPS } from "../../policy/data/groups.ts";
import { matchesWildcard } from "../../policy/wildcard.ts";

/** `name`: a name or a path that ends the path of the file, or that it lies below; `*` within a name. */
type RunPlace = Readonly<{ name: string; why: string }>;

type Names = Readonly<Record<string, readonly string[]>>;

const BY_REASON: Names = {
  "make runs it": ["Makefile", "makefile", "GNUmakefile", "*.mk"],
  "just runs it": ["justfile", "Justfile", ".justfile"],
  "task runs it": ["Taskfile*.yml", "Taskfile*.yaml", "taskfile*.yml", "taskfile*.yaml"],
  "rake runs it": ["Rakefile", "Rakefile.rb", "rakefile", "rakefile.rb", "*.rake"],
  "npm and others run its scripts, and those of what it depends on": [
    "package.json",
    "package.json5",
    "package.yaml",
    "deno.json",
    "deno.jsonc",
    "composer.json",
  ],
  "package managers take commands and places from it": [
    ".npmrc",
    ".yarnrc",
    ".yarnrc.yml",
    ".pnpmfile.cjs",
    ".pnpmfile.mjs",
    "pnpm-workspace.yaml",
    "Pipfile",
    ".pnp.cjs",
    ".yarn/plugins",
    ".yarn/releases",
    "bunfig.toml",
    "pip.conf",
  ],
  "installing builds with it": ["binding.gyp", "setup.py", "setup.cfg", "pyproject.toml", "MANIFEST.in"],
  "Python runs it at its start": ["sitecustomize.py", "usercustomize.py", "*.pth"],
  "tests run it": ["conftest.py", "noxfile.py", "tox.ini", "pytest.ini", ".mocharc.*", "vitest.workspace.*"],
  "cargo runs it": ["build.rs"],
  "cargo takes commands from it": [
    "Cargo.toml",
    ".cargo/config",
    ".cargo/config.toml",
    "rust-toolchain",
    "rust-toolchain.toml",
  ],
  "builds run it": [
    "CMakeLists.txt",
    "*.cmake",
    "configure",
    "meson.build",
    "*.gradle",
    "*.gradle.kts",
    "gradle.properties",
    "gradle/wrapper",
    "gradlew",
    "mvnw",
    ".mvn",
    "pom.xml",
    "build.xml",
    "*.csproj",
    "*.fsproj",
    "*.vbproj",
    "*.targets",
    "*.props",
    "*.sbt",
    "*.cabal",
    "Setup.hs",
    "Package.swift",
    "Podfile",
    "*.podspec",
    "Fastfile",
    "mix.exs",
    "rebar.config",
    "dune",
    "xmake.lua",
    "Snakefile",
    "BUCK",
    "BUILD",
    "BUILD.bazel",
    "WORKSPACE",
    "MODULE.bazel",
    "*.bzl",
    ".bazelrc",
    "build.zig",
    "Gemfile",
    "*.gemspec",
    "SConstruct",
    "wscript",
  ],
  "containers are built and started from it": [
    "Dockerfile",
    "Dockerfile.*",
    "*.Dockerfile",
    "Containerfile",
    "docker-compose*.yml",
    "docker-compose*.yaml",
    "compose.yml",
    "compose.yaml",
    "Earthfile",
    "skaffold.yaml",
    "Vagrantfile",
    "Tiltfile",
  ],
  "tools run it as their configuration": [
    "*.config.js",
    "*.config.cjs",
    "*.config.mjs",
    "*.config.ts",
    "*.config.mts",
    "*.config.cts",
    "babel.config.json",
    ".babelrc",
    ".babelrc.*",
    ".eslintrc",
    ".eslintrc.*",
    ".prettierrc",
    ".prettierrc.*",
    ".stylelintrc",
    ".stylelintrc.*",
    ".lintstagedrc",
    ".lintstagedrc.*",
    ".swcrc",
    ".pylintrc",
    ".flake8",
    "mypy.ini",
    ".golangci.yml",
    ".golangci.yaml",
    ".air.toml",
    "nodemon.json",
    "nx.json",
    "project.json",
    "fabfile.py",
    "Guardfile",
    "Capfile",
    "gulpfile.*",
    "Gruntfile.*",
    "Procfile",
    "shell.nix",
    "flake.nix",
    "default.nix",
    "devenv.nix",
    ".pre-commit-config.yaml",
    ".pre-commit-hooks.yaml",
  ],
  "it is run by the CI service": [
    ".github/workflows",
    ".github/actions",
    "action.yml",
    ".gitlab-ci.yml",
    ".gitlab/ci",
    ".circleci",
    "Jenkinsfile",
    "azure-pipelines.yml",
    ".travis.yml",
    ".drone.yml",
    ".woodpecker",
    ".woodpecker.yml",
    "bitbucket-pipelines.yml",
    ".buildkite",
    "appveyor.yml",
    ".appveyor.yml",
    ".cirrus.yml",
    ".forgejo/workflows",
    ".gitea/workflows",
    ".ci",
  ],
  "git sends files through the programs that it chooses": [".gitattributes"],
  "git runs programs that it names": [".gitconfig", ".config/git/config"],
  "shells run it when they start": [
    ".bashrc",
    ".bash_profile",
    ".bash_login",
    ".bash_logout",
    ".bash_aliases",
    ".profile",
    ".zshrc",
    ".zshenv",
    ".zprofile",
    ".zlogin",
    ".zlogout",
    ".kshrc",
    ".cshrc",
    ".tcshrc",
    ".login",
    ".config/fish",
    ".inputrc",
  ],
  "interpreters and databases run it when they start": [
    ".Rprofile",
    ".irbrc",
    ".pryrc",
    ".octaverc",
    ".psqlrc",
    ".sqliterc",
    ".ipython",
  ],
  "it is run or read when you log in": [
    ".xprofile",
    ".xinitrc",
    ".xsession",
    ".xsessionrc",
    ".pam_environment",
    ".config/environment.d",
    ".config/autostart",
    ".config/systemd/user",
    ".config/systemd",
    ".local/share/systemd/user",
    ".local/share/applications",
    ".config/plasma-workspace",
  ],
  "ssh runs programs that it names, or lets others in": [
    ".ssh/config",
    ".ssh/rc",
    ".ssh/authorized_keys",
    ".ssh/environment",
  ],
  "editors and terminals run it when they start": [
    ".vim",
    ".vimrc",
    ".gvimrc",
    ".config/nvim",
    ".emacs",
    ".emacs.d",
    ".config/emacs",
    ".dir-locals.el",
    ".tmux.conf",
    ".config/tmux",
    ".screenrc",
    ".gdbinit",
    ".lldbinit",
    ".editrc",
    "*.code-workspace",
    "*.sublime-project",
    ".sublime-project",
    ".helix",
    ".config/helix",
  ],
  "agents take instructions from it": [
    "CLAUDE.md",
    "CLAUDE.local.md",
    "AGENTS.md",
    "AGENT.md",
    "GEMINI.md",
    "QWEN.md",
    ".cursorrules",
    ".windsurfrules",
    ".clinerules",
    ".github/copilot-instructions.md",
    ".github/instructions",
  ],
  "agents start the servers and hooks that it names": [
    ".claude.json",
    ".claude/plugins",
    "claude_desktop_config.json",
    "mcp.json",
    ".aider",
    ".config/opencode",
    ".config/crush",
    "crush.json",
  ],
};

const OWN: readonly RunPlace[] = Object.entries(BY_REASON).flatMap(([why, names]) =>
  names.map((name) => ({ name, why })),
);

type Placed = Readonly<{ components: readonly string[]; why: string }>;

/** Why a file with this path runs later, by its name alone; built once, because changes can be many. */
export function placeFinder(): (path: string) => string | undefined {
  const { repository, pointer, hooked, workspace } = GROUPS.run_later?.guard ?? {};
  const inGit = placesOf(repository).map(placed);
  const anywhere = [...placesOf(hooked), ...placesOf(workspace), ...OWN];
  const byFirst = new Map<string, Placed[]>();
  for (const one of anywhere.filter(({ name }) => !name.includes("*")).map(placed))
    byFirst.set(one.components[0] as string, [...(byFirst.get(one.components[0] as string) ?? []), one]);
  const wild = anywhere.filter(({ name }) => name.includes("*"));

  return (path) => {
    const components = path.split("/");
    const git = components.indexOf(".git");
    if (git >= 0) return git === components.length - 1 ? pointer : whyInGit(components, git, inGit);
    for (let at = 1; at < components.length; at++) {
      const found = byFirst.get(components[at] as string)?.find((one) => liesAt(components, at, one));
      if (found !== undefined) return found.why;
    }
    return wild.find(({ name }) => matchesWildcard(name, components.at(-1) as string))?.why;
  };
}

/** Of the repository itself, of one within it, or of a work tree. */
function whyInGit(components: readonly string[], git: number, places: readonly Placed[]): string | undefined {
  const inner = components[git + 1];
  for (let at = git + 1; at < components.length; at++) {
    const isRepository = at === git + 1 || inner === "modules" || (inner === "worktrees" && at === git + 3);
    const found = isRepository ? places.find((one) => liesAt(components, at, one)) : undefined;
    if (found !== undefined) return found.why;
  }
  return undefined;
}

function liesAt(components: readonly string[], at: number, place: Placed): boolean {
  return place.components.every((component, index) => components[at + index] === component);
}

function placesOf(names: Readonly<Record<string, string>> | undefined): readonly RunPlace[] {
  return Object.entries(names ?? {}).map(([name, why]) => ({ name, why }));
}

function placed({ name, why }: RunPlace): Placed {
  return { components: name.split("/"), why };
}
