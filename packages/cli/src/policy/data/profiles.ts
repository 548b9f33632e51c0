// Made from profiles/*.jsonc by scripts/policy-data.mjs: change that file, then run it.
// biome-ignore-all format: it is made, not written
// biome-ignore-all lint/style/noExcessiveLinesPerFile: it is data

import type { Profile } from "../form/profile-form.ts";

/** The built-in profiles, by name. */
export const PROFILES: Readonly<Record<string, Profile>> = {
  "default": {
    "meta": {
      "name": "default",
      "version": "1",
      "description": "The system to read and a temporary directory to write"
    },
    "groups": {
      "include": [
        "system_read",
        "system_read_macos",
        "devices",
        "devices_macos",
        "git_config",
        "nix_runtime",
        "unlink_protection",
        "dangerous_commands",
        "dangerous_commands_linux",
        "dangerous_commands_macos"
      ]
    },
    "workdir": {
      "access": "none"
    }
  },
  "claude-code": {
    "meta": {
      "name": "claude-code",
      "version": "1",
      "description": "Claude Code, in the working directory"
    },
    "extends": "default",
    "groups": {
      "include": [
        "user_tools",
        "node_runtime",
        "run_later"
      ]
    },
    "filesystem": {
      "allow": [
        "$CLAUDE_CONFIG_DIR"
      ],
      "allow_file": [
        "~/.claude.json"
      ],
      "create": [
        "$CLAUDE_CONFIG_DIR"
      ],
      "create_file": {
        "~/.claude.json": "{}\n"
      },
      "bypass_protection": [
        "~/.claude.json",
        "$CLAUDE_CONFIG_DIR/.credentials.json"
      ]
    },
    "workdir": {
      "access": "readwrite"
    },
    "environment": {
      "allow_vars": [
        "ANTHROPIC_*",
        "CLAUDE_*"
      ],
      "set_vars": {
        "npm_config_cache": "$TMPDIR/npm"
      }
    }
  },
  "opencode": {
    "meta": {
      "name": "opencode",
      "version": "1",
      "description": "OpenCode, in the working directory"
    },
    "extends": "default",
    "groups": {
      "include": [
        "user_tools",
        "node_runtime",
        "run_later"
      ]
    },
    "filesystem": {
      "allow": [
        "$XDG_DATA_HOME/opencode",
        "$XDG_STATE_HOME/opencode",
        "$XDG_CACHE_HOME/opencode"
      ],
      "read": [
        "$XDG_CONFIG_HOME/opencode"
      ],
      "create": [
        "$XDG_CONFIG_HOME/opencode",
        "$XDG_DATA_HOME/opencode",
        "$XDG_STATE_HOME/opencode",
        "$XDG_CACHE_HOME/opencode"
      ],
      "bypass_protection": [
        "$XDG_DATA_HOME/opencode/auth.json",
        "$XDG_DATA_HOME/opencode/mcp-auth.json"
      ]
    },
    "workdir": {
      "access": "readwrite"
    },
    "environment": {
      "allow_vars": [
        "OPENCODE_API_KEY",
        "ANTHROPIC_API_KEY",
        "OPENAI_API_KEY",
        "GEMINI_API_KEY",
        "GOOGLE_GENERATIVE_AI_API_KEY",
        "OPENROUTER_API_KEY",
        "GROQ_API_KEY",
        "MISTRAL_API_KEY",
        "DEEPSEEK_API_KEY",
        "XAI_API_KEY"
      ],
      "set_vars": {
        "npm_config_cache": "$TMPDIR/npm"
      }
    }
  },
  "openclaw": {
    "meta": {
      "name": "openclaw",
      "version": "1",
      "description": "OpenClaw, its agents and its gateway"
    },
    "extends": "default",
    "groups": {
      "include": [
        "user_tools",
        "node_runtime",
        "run_later"
      ]
    },
    "filesystem": {
      "allow": [
        "$OPENCLAW_STATE_DIR",
        "$XDG_CACHE_HOME/openclaw",
        "/tmp/openclaw-state-locks-$UID",
        "/tmp/openclaw"
      ],
      "create": [
        "$OPENCLAW_STATE_DIR",
        "$XDG_CACHE_HOME/openclaw",
        "/tmp/openclaw-state-locks-$UID",
        "/tmp/openclaw"
      ],
      "bypass_protection": [
        "$OPENCLAW_STATE_DIR"
      ]
    },
    "workdir": {
      "access": "readwrite"
    },
    "environment": {
      "allow_vars": [
        "OPENCLAW_*",
        "ANTHROPIC_API_KEY",
        "OPENAI_API_KEY",
        "GEMINI_API_KEY",
        "OPENROUTER_API_KEY"
      ],
      "set_vars": {
        "OPENCLAW_CHILD_OOM_SCORE_ADJ": "0",
        "NODE_COMPILE_CACHE": "$XDG_CACHE_HOME/openclaw/node-compile-cache"
      }
    }
  },
  "codex": {
    "meta": {
      "name": "codex",
      "version": "1",
      "description": "Codex, in the working directory"
    },
    "extends": "default",
    "groups": {
      "include": [
        "user_tools",
        "node_runtime",
        "run_later"
      ]
    },
    "filesystem": {
      "allow": [
        "$CODEX_HOME"
      ],
      "read": [
        "~/.agents/skills"
      ],
      "create": [
        "$CODEX_HOME"
      ],
      "bypass_protection": [
        "$CODEX_HOME/auth.json"
      ]
    },
    "workdir": {
      "access": "readwrite"
    },
    "environment": {
      "allow_vars": [
        "CODEX_*",
        "OPENAI_*"
      ],
      "set_vars": {
        "npm_config_cache": "$TMPDIR/npm"
      }
    }
  },
  "node-dev": {
    "meta": {
      "name": "node-dev",
      "version": "1",
      "description": "Node.js and Bun: install, build and test a project"
    },
    "extends": "default",
    "groups": {
      "include": [
        "user_tools",
        "node_runtime",
        "node_cache",
        "bun_runtime",
        "bun_cache"
      ]
    },
    "filesystem": {
      "create": [
        "~/.npm"
      ]
    },
    "workdir": {
      "access": "readwrite"
    },
    "environment": {
      "allow_vars": [
        "NODE_PATH"
      ]
    }
  },
  "python-dev": {
    "meta": {
      "name": "python-dev",
      "version": "1",
      "description": "Python: install, build and test a project"
    },
    "extends": "default",
    "groups": {
      "include": [
        "user_tools",
        "python_runtime",
        "python_cache",
        "shared_memory"
      ]
    },
    "filesystem": {
      "create": [
        "$XDG_CACHE_HOME/pip"
      ]
    },
    "workdir": {
      "access": "readwrite"
    },
    "environment": {
      "allow_vars": [
        "PYTHONPATH"
      ]
    }
  },
  "rust-dev": {
    "meta": {
      "name": "rust-dev",
      "version": "1",
      "description": "Rust: fetch, build and test a project"
    },
    "extends": "default",
    "groups": {
      "include": [
        "user_tools",
        "rust_runtime",
        "rust_cache"
      ]
    },
    "filesystem": {
      "create": [
        "$CARGO_HOME/registry",
        "$CARGO_HOME/git"
      ],
      "create_file": {
        "$CARGO_HOME/.package-cache": "",
        "$CARGO_HOME/.package-cache-mutate": ""
      },
      "allow_pattern": [
        "$CARGO_HOME/.global-cache*"
      ]
    },
    "workdir": {
      "access": "readwrite"
    },
    "environment": {
      "allow_vars": [
        "RUSTC_WRAPPER",
        "CARGO_BUILD_RUSTC_WRAPPER"
      ]
    }
  },
  "go-dev": {
    "meta": {
      "name": "go-dev",
      "version": "1",
      "description": "Go: download, build and test a project"
    },
    "extends": "default",
    "groups": {
      "include": [
        "user_tools",
        "go_runtime",
        "go_cache"
      ]
    },
    "filesystem": {
      "create": [
        "$GOCACHE",
        "$GOMODCACHE",
        "$GOPATH/pkg/sumdb"
      ]
    },
    "workdir": {
      "access": "readwrite"
    },
    "environment": {
      "set_vars": {
        "TEST_TELEMETRY_DIR": "$TMPDIR/go-telemetry"
      }
    }
  },
  "java-dev": {
    "meta": {
      "name": "java-dev",
      "version": "1",
      "description": "Java and Kotlin: build and test with Maven or Gradle"
    },
    "extends": "default",
    "groups": {
      "include": [
        "user_tools",
        "java_runtime",
        "java_cache"
      ]
    },
    "filesystem": {
      "create": [
        "~/.m2/repository",
        "$GRADLE_USER_HOME/caches",
        "$GRADLE_USER_HOME/daemon",
        "$GRADLE_USER_HOME/native",
        "$GRADLE_USER_HOME/notifications",
        "$GRADLE_USER_HOME/workers",
        "$GRADLE_USER_HOME/wrapper",
        "$GRADLE_USER_HOME/.tmp"
      ]
    },
    "workdir": {
      "access": "readwrite"
    }
  }
};
