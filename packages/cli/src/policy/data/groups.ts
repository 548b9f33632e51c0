// Made from groups.jsonc by scripts/policy-data.mjs: change that file, then run it.
// biome-ignore-all format: it is made, not written
// biome-ignore-all lint/style/noExcessiveLinesPerFile: it is data

import type { Group } from "../form/group-form.ts";

/** The built-in groups, by name. */
export const GROUPS: Readonly<Record<string, Group>> = {
  "deny_credentials": {
    "description": "Keys, tokens and passwords that tools keep in the home directory",
    "required": true,
    "deny": {
      "access": [
        "~/.ssh",
        "~/.gnupg",
        "$GNUPGHOME",
        "~/.pki",
        "$XDG_DATA_HOME/pki",
        "$XDG_CONFIG_HOME/age",
        "$XDG_CONFIG_HOME/sops",
        "~/.putty",
        "~/.step",
        "~/.minisign",
        "~/.signify",
        "~/.aws",
        "~/.azure",
        "$AZURE_CONFIG_DIR",
        "$XDG_CONFIG_HOME/gcloud",
        "$CLOUDSDK_CONFIG",
        "~/.boto",
        "~/.s3cfg",
        "~/.mc",
        "$XDG_CONFIG_HOME/rclone",
        "~/.rclone.conf",
        "$XDG_CONFIG_HOME/doctl",
        "$XDG_CONFIG_HOME/hcloud",
        "$XDG_CONFIG_HOME/linode-cli",
        "~/.oci",
        "~/.aliyun",
        "~/.bluemix",
        "~/.fly",
        "~/.netlify",
        "$XDG_CONFIG_HOME/netlify",
        "$XDG_DATA_HOME/com.vercel.cli",
        "$XDG_CONFIG_HOME/.wrangler",
        "~/.wrangler",
        "$XDG_CONFIG_HOME/heroku",
        "$XDG_CONFIG_HOME/stripe",
        "~/.databrickscfg",
        "~/.snowflake",
        "~/.snowsql",
        "~/.kube",
        "~/.docker",
        "$DOCKER_CONFIG",
        "$XDG_CONFIG_HOME/containers/auth.json",
        "$XDG_CONFIG_HOME/helm",
        "~/.terraform.d",
        "~/.terraformrc",
        "$XDG_CONFIG_HOME/terraform",
        "~/.pulumi",
        "~/.vault-token",
        "~/.vault",
        "~/.ansible",
        "~/.vagrant.d",
        "~/.chef",
        "$XDG_CONFIG_HOME/argocd",
        "~/.git-credentials",
        "$XDG_CONFIG_HOME/git/credentials",
        "$XDG_CACHE_HOME/git/credential",
        "~/.git-credential-cache",
        "$XDG_CONFIG_HOME/gh",
        "$GH_CONFIG_DIR",
        "$XDG_CONFIG_HOME/hub",
        "$XDG_CONFIG_HOME/glab-cli",
        "$XDG_CONFIG_HOME/tea",
        "$XDG_CONFIG_HOME/github-copilot",
        "~/.netrc",
        "~/_netrc",
        "~/.authinfo",
        "~/.authinfo.gpg",
        "~/.curlrc",
        "~/.wgetrc",
        "~/.ncftp",
        "~/.lftp",
        "$XDG_DATA_HOME/lftp",
        "~/.davfs2",
        "~/.smbcredentials",
        "$XDG_CONFIG_HOME/FileZilla",
        "$XDG_CONFIG_HOME/remmina",
        "$XDG_DATA_HOME/remmina",
        "~/.npmrc",
        "~/.yarnrc",
        "~/.yarnrc.yml",
        "$XDG_CONFIG_HOME/pnpm/rc",
        "~/.pypirc",
        "$XDG_CONFIG_HOME/pypoetry/auth.toml",
        "$XDG_DATA_HOME/uv/credentials",
        "~/.cargo/credentials",
        "~/.cargo/credentials.toml",
        "$CARGO_HOME/credentials",
        "$CARGO_HOME/credentials.toml",
        "~/.gem/credentials",
        "$XDG_DATA_HOME/gem/credentials",
        "~/.bundle/config",
        "~/.composer/auth.json",
        "$XDG_CONFIG_HOME/composer/auth.json",
        "~/.nuget/NuGet/NuGet.Config",
        "~/.m2/settings.xml",
        "~/.m2/settings-security.xml",
        "~/.gradle/gradle.properties",
        "$GRADLE_USER_HOME/gradle.properties",
        "~/.condarc",
        "~/.hex",
        "~/.pgpass",
        "~/.pg_service.conf",
        "~/.my.cnf",
        "~/.mylogin.cnf",
        "~/.mongodb",
        "~/.mongorc.js",
        "~/.dbshell",
        "$XDG_DATA_HOME/DBeaverData",
        "$XDG_CACHE_HOME/huggingface/token",
        "$XDG_CACHE_HOME/huggingface/stored_tokens",
        "~/.huggingface",
        "~/.kaggle",
        "$XDG_CONFIG_HOME/kaggle",
        "~/.bitcoin",
        "~/.ethereum",
        "~/.electrum",
        "$XDG_CONFIG_HOME/solana",
        "~/.foundry/keystores",
        "~/.brownie/accounts"
      ]
    }
  },
  "deny_agent_credentials": {
    "description": "Accounts of AI agents; the profile of an agent lifts its own",
    "required": true,
    "deny": {
      "access": [
        "~/.claude.json",
        "~/.claude/.credentials.json",
        "$CLAUDE_CONFIG_DIR/.credentials.json",
        "~/.codex/auth.json",
        "$CODEX_HOME/auth.json",
        "$XDG_DATA_HOME/opencode/auth.json",
        "$XDG_DATA_HOME/opencode/mcp-auth.json",
        "~/.openclaw",
        "$OPENCLAW_STATE_DIR",
        "~/.gemini",
        "~/.cursor",
        "$XDG_CONFIG_HOME/cursor",
        "~/.aider.conf.yml",
        "~/.aider/oauth-keys.env",
        "$XDG_CONFIG_HOME/goose",
        "~/.continue",
        "$XDG_DATA_HOME/crush",
        "$XDG_CONFIG_HOME/amp",
        "$XDG_DATA_HOME/amp"
      ]
    }
  },
  "deny_keyrings_linux": {
    "description": "Keyrings and password stores",
    "platform": "linux",
    "required": true,
    "deny": {
      "access": [
        "$XDG_DATA_HOME/keyrings",
        "$XDG_DATA_HOME/kwalletd",
        "~/.gnome2/keyrings",
        "$XDG_RUNTIME_DIR/keyring",
        "~/.password-store",
        "$PASSWORD_STORE_DIR",
        "$XDG_DATA_HOME/gopass",
        "$XDG_CONFIG_HOME/gopass",
        "$XDG_CONFIG_HOME/op",
        "~/.op",
        "$XDG_CONFIG_HOME/1Password",
        "$XDG_CONFIG_HOME/Bitwarden",
        "$XDG_CONFIG_HOME/Bitwarden CLI",
        "$XDG_CONFIG_HOME/keepassxc",
        "$XDG_CACHE_HOME/keepassxc",
        "~/.lastpass",
        "$XDG_DATA_HOME/lpass",
        "$XDG_CONFIG_HOME/Enpass",
        "$XDG_CONFIG_HOME/Authy Desktop",
        "$XDG_CONFIG_HOME/Yubico"
      ]
    }
  },
  "deny_keyrings_macos": {
    "description": "Keychains and password stores",
    "platform": "macos",
    "required": true,
    "deny": {
      "access": [
        "~/Library/Keychains",
        "/Library/Keychains",
        "~/.password-store",
        "$PASSWORD_STORE_DIR",
        "~/Library/Group Containers/2BUA8C4S2C.com.1password",
        "~/Library/Application Support/1Password",
        "~/Library/Application Support/Bitwarden",
        "~/Library/Application Support/Bitwarden CLI",
        "~/Library/Application Support/KeePassXC",
        "$XDG_CONFIG_HOME/op",
        "~/.op"
      ]
    }
  },
  "deny_browser_data_linux": {
    "description": "Cookies, sessions, passwords and history of browsers",
    "platform": "linux",
    "required": true,
    "deny": {
      "access": [
        "~/.mozilla",
        "$XDG_CONFIG_HOME/mozilla",
        "$XDG_CACHE_HOME/mozilla",
        "~/.librewolf",
        "~/.waterfox",
        "~/.zen",
        "~/.tor-browser",
        "$XDG_DATA_HOME/torbrowser",
        "$XDG_CONFIG_HOME/google-chrome",
        "$XDG_CONFIG_HOME/google-chrome-beta",
        "$XDG_CONFIG_HOME/google-chrome-unstable",
        "$XDG_CACHE_HOME/google-chrome",
        "$XDG_CONFIG_HOME/chromium",
        "$XDG_CACHE_HOME/chromium",
        "$XDG_CONFIG_HOME/BraveSoftware",
        "$XDG_CACHE_HOME/BraveSoftware",
        "$XDG_CONFIG_HOME/microsoft-edge",
        "$XDG_CACHE_HOME/microsoft-edge",
        "$XDG_CONFIG_HOME/vivaldi",
        "$XDG_CACHE_HOME/vivaldi",
        "$XDG_CONFIG_HOME/opera",
        "$XDG_CACHE_HOME/opera",
        "$XDG_DATA_HOME/epiphany",
        "$XDG_CONFIG_HOME/falkon",
        "$XDG_DATA_HOME/falkon",
        "$XDG_DATA_HOME/qutebrowser",
        "~/snap/firefox",
        "~/snap/chromium",
        "~/snap/brave",
        "~/.var/app"
      ]
    }
  },
  "deny_browser_data_macos": {
    "description": "Cookies, sessions, passwords and history of browsers",
    "platform": "macos",
    "required": true,
    "deny": {
      "access": [
        "~/Library/Safari",
        "~/Library/Cookies",
        "~/Library/Containers/com.apple.Safari",
        "~/Library/Application Support/Firefox",
        "~/Library/Application Support/Google/Chrome",
        "~/Library/Application Support/Chromium",
        "~/Library/Application Support/BraveSoftware",
        "~/Library/Application Support/Microsoft Edge",
        "~/Library/Application Support/Vivaldi",
        "~/Library/Application Support/com.operasoftware.Opera",
        "~/Library/Application Support/Arc",
        "~/Library/Caches/Firefox",
        "~/Library/Caches/Google/Chrome"
      ]
    }
  },
  "deny_messengers_linux": {
    "description": "Mail, messengers and calendars",
    "platform": "linux",
    "required": true,
    "deny": {
      "access": [
        "~/.thunderbird",
        "$XDG_CONFIG_HOME/thunderbird",
        "$XDG_CACHE_HOME/thunderbird",
        "~/snap/thunderbird",
        "$XDG_DATA_HOME/evolution",
        "$XDG_CONFIG_HOME/evolution",
        "$XDG_DATA_HOME/kmail2",
        "$XDG_DATA_HOME/geary",
        "~/.claws-mail",
        "~/.mutt",
        "~/.muttrc",
        "$XDG_CONFIG_HOME/mutt",
        "$XDG_CONFIG_HOME/neomutt",
        "$XDG_CONFIG_HOME/aerc",
        "$XDG_CONFIG_HOME/himalaya",
        "~/.mbsyncrc",
        "$XDG_CONFIG_HOME/isyncrc",
        "~/.offlineimaprc",
        "~/.fetchmailrc",
        "~/.getmail",
        "~/.msmtprc",
        "$XDG_CONFIG_HOME/msmtp",
        "~/.mailrc",
        "~/Maildir",
        "~/Mail",
        "~/.mail",
        "~/mbox",
        "/var/mail",
        "/var/spool/mail",
        "$XDG_CONFIG_HOME/Signal",
        "$XDG_CONFIG_HOME/Slack",
        "$XDG_CONFIG_HOME/discord",
        "$XDG_DATA_HOME/TelegramDesktop",
        "$XDG_CONFIG_HOME/Element",
        "$XDG_CONFIG_HOME/Microsoft",
        "$XDG_CONFIG_HOME/teams-for-linux",
        "$XDG_CONFIG_HOME/WhatsApp",
        "~/.zoom",
        "~/.purple",
        "~/.weechat",
        "$XDG_CONFIG_HOME/weechat",
        "~/.irssi"
      ]
    }
  },
  "deny_messengers_macos": {
    "description": "Mail, messengers, calendars and contacts",
    "platform": "macos",
    "required": true,
    "deny": {
      "access": [
        "~/Library/Mail",
        "~/Library/Messages",
        "~/Library/Calendars",
        "~/Library/Application Support/AddressBook",
        "~/Library/Application Support/Signal",
        "~/Library/Application Support/Slack",
        "~/Library/Application Support/discord",
        "~/Library/Application Support/Telegram Desktop",
        "~/Library/Group Containers/group.com.apple.notes",
        "~/Library/Thunderbird"
      ]
    }
  },
  "deny_shell_history": {
    "description": "What was typed into shells and interpreters: it holds passwords, hosts and paths",
    "required": true,
    "deny": {
      "access": [
        "~/.bash_history",
        "~/.zsh_history",
        "~/.zhistory",
        "~/.histfile",
        "~/.zsh_sessions",
        "~/.bash_sessions",
        "~/.sh_history",
        "~/.ksh_history",
        "~/.history",
        "$XDG_DATA_HOME/fish/fish_history",
        "$XDG_DATA_HOME/atuin",
        "$XDG_DATA_HOME/mcfly",
        "$XDG_STATE_HOME/bash",
        "$XDG_STATE_HOME/zsh",
        "~/.python_history",
        "$XDG_STATE_HOME/python_history",
        "~/.node_repl_history",
        "~/.irb_history",
        "$XDG_DATA_HOME/irb",
        "~/.psql_history",
        "~/.mysql_history",
        "~/.sqlite_history",
        "~/.rediscli_history",
        "~/.lesshst",
        "$XDG_STATE_HOME/lesshst",
        "~/.viminfo",
        "$XDG_STATE_HOME/nvim/shada",
        "$XDG_DATA_HOME/recently-used.xbel"
      ]
    }
  },
  "deny_shell_config": {
    "description": "Start files of shells: they hold secrets, and what is written there runs outside",
    "required": true,
    "deny": {
      "access": [
        "~/.profile",
        "~/.bashrc",
        "~/.bash_profile",
        "~/.bash_login",
        "~/.bash_logout",
        "~/.bash_aliases",
        "~/.zshrc",
        "~/.zshenv",
        "~/.zprofile",
        "~/.zlogin",
        "~/.zlogout",
        "$XDG_CONFIG_HOME/zsh",
        "$XDG_CONFIG_HOME/fish",
        "~/.kshrc",
        "~/.mkshrc",
        "~/.cshrc",
        "~/.tcshrc",
        "~/.login",
        "$XDG_CONFIG_HOME/nushell",
        "~/.oh-my-zsh",
        "~/.envrc",
        "~/.direnvrc",
        "$XDG_CONFIG_HOME/direnv",
        "~/.env"
      ]
    }
  },
  "deny_startup_writes": {
    "description": "What other programs of the user obey or run: not to be written from inside",
    "required": true,
    "deny": {
      "write": [
        "$XDG_CONFIG_HOME/autostart",
        "$XDG_CONFIG_HOME/systemd",
        "$XDG_DATA_HOME/systemd",
        "$XDG_CONFIG_HOME/environment.d",
        "$XDG_DATA_HOME/applications",
        "$XDG_DATA_HOME/dbus-1",
        "~/.pam_environment",
        "~/.xprofile",
        "~/.xinitrc",
        "~/.xsession",
        "~/.xsessionrc",
        "~/.Xresources",
        "$XDG_CONFIG_HOME/hypr",
        "$XDG_CONFIG_HOME/sway",
        "$XDG_CONFIG_HOME/i3",
        "~/Library/LaunchAgents",
        "~/bin",
        "~/.local/bin",
        "~/.gitconfig",
        "$XDG_CONFIG_HOME/git",
        "~/.hgrc",
        "$CARGO_HOME/bin",
        "$CARGO_HOME/env",
        "$CARGO_HOME/config",
        "$CARGO_HOME/config.toml",
        "$RUSTUP_HOME",
        "$GOPATH/bin",
        "$XDG_CONFIG_HOME/go",
        "$BUN_INSTALL/bin",
        "$NVM_DIR",
        "$PYENV_ROOT/shims",
        "$PYENV_ROOT/bin",
        "$XDG_CONFIG_HOME/pip",
        "~/.pip",
        "~/.inputrc",
        "~/.tmux.conf",
        "$XDG_CONFIG_HOME/tmux",
        "~/.screenrc",
        "~/.vimrc",
        "~/.vim",
        "$XDG_CONFIG_HOME/nvim",
        "$XDG_DATA_HOME/nvim",
        "~/.emacs",
        "~/.emacs.d",
        "$XDG_CONFIG_HOME/emacs",
        "$XDG_CONFIG_HOME/helix",
        "$XDG_CONFIG_HOME/Code",
        "~/.vscode",
        "~/.vscode-server",
        "$XDG_CONFIG_HOME/zed",
        "~/.gdbinit",
        "$XDG_CONFIG_HOME/gdb",
        "~/.lldbinit",
        "~/.irbrc",
        "~/.pryrc",
        "~/.psqlrc",
        "~/.sqliterc",
        "~/.Rprofile",
        "~/.lesskey",
        "$XDG_CONFIG_HOME/alacritty",
        "$XDG_CONFIG_HOME/kitty",
        "$XDG_CONFIG_HOME/ghostty",
        "$XDG_CONFIG_HOME/wezterm",
        "$XDG_CONFIG_HOME/mise",
        "~/.asdfrc",
        "~/.tool-versions"
      ]
    }
  },
  "deny_system_secrets": {
    "description": "Secrets of the machine in /etc, /run and /var/lib, which a sandbox of root could read",
    "platform": "linux",
    "required": true,
    "deny": {
      "access": [
        "/etc/shadow",
        "/etc/shadow-",
        "/etc/gshadow",
        "/etc/gshadow-",
        "/etc/security/opasswd",
        "/etc/sudoers",
        "/etc/sudoers.d",
        "/etc/doas.conf",
        "/etc/krb5.keytab",
        "/etc/ssh/ssh_host_dsa_key",
        "/etc/ssh/ssh_host_ecdsa_key",
        "/etc/ssh/ssh_host_ed25519_key",
        "/etc/ssh/ssh_host_rsa_key",
        "/etc/ssl/private",
        "/etc/pki/tls/private",
        "/etc/letsencrypt",
        "/etc/wireguard",
        "/etc/openvpn",
        "/etc/ipsec.secrets",
        "/etc/ppp/chap-secrets",
        "/etc/ppp/pap-secrets",
        "/etc/NetworkManager/system-connections",
        "/etc/netplan",
        "/etc/wpa_supplicant",
        "/etc/kubernetes",
        "/etc/rancher",
        "/etc/docker/key.json",
        "/etc/apt/auth.conf",
        "/etc/apt/auth.conf.d",
        "/etc/mysql/debian.cnf",
        "/etc/postfix/sasl_passwd",
        "/etc/exim4/passwd.client",
        "/etc/msmtprc",
        "/etc/credstore",
        "/etc/credstore.encrypted",
        "/etc/crypttab",
        "/etc/luks-keys",
        "/etc/iscsi",
        "/var/lib/systemd/credential.secret",
        "/run/secrets",
        "/run/credentials"
      ]
    }
  },
  "deny_system_secrets_macos": {
    "description": "Secrets of the machine",
    "platform": "macos",
    "required": true,
    "deny": {
      "access": [
        "/private/etc/master.passwd",
        "/private/etc/sudoers",
        "/private/etc/sudoers.d",
        "/private/var/db/dslocal"
      ]
    }
  },
  "dangerous_commands": {
    "description": "Commands that destroy, change rights or copy to other machines",
    "deny": {
      "commands": [
        "rm",
        "shred",
        "truncate",
        "dd",
        "chmod",
        "chown",
        "chgrp",
        "setfacl",
        "chattr",
        "scp",
        "sftp",
        "rsync",
        "ftp",
        "sudo",
        "su",
        "doas",
        "pkexec",
        "runuser",
        "shutdown",
        "reboot",
        "halt",
        "poweroff",
        "crontab",
        "at",
        "batch",
        "passwd",
        "chsh",
        "chfn"
      ]
    }
  },
  "dangerous_commands_linux": {
    "description": "Commands that change the system: disks, services, packages, users",
    "platform": "linux",
    "deny": {
      "commands": [
        "mkfs",
        "mkfs.bfs",
        "mkfs.btrfs",
        "mkfs.cramfs",
        "mkfs.ext2",
        "mkfs.ext3",
        "mkfs.ext4",
        "mkfs.fat",
        "mkfs.minix",
        "mkfs.vfat",
        "mkfs.xfs",
        "mke2fs",
        "mkswap",
        "fdisk",
        "sfdisk",
        "cfdisk",
        "gdisk",
        "sgdisk",
        "parted",
        "wipefs",
        "blkdiscard",
        "cryptsetup",
        "mount",
        "umount",
        "systemctl",
        "telinit",
        "runlevel",
        "systemd-run",
        "loginctl",
        "machinectl",
        "insmod",
        "modprobe",
        "rmmod",
        "useradd",
        "userdel",
        "usermod",
        "groupadd",
        "visudo",
        "iptables",
        "nft",
        "apt",
        "apt-get",
        "aptitude",
        "dpkg",
        "dnf",
        "yum",
        "rpm",
        "zypper",
        "pacman",
        "apk",
        "snap",
        "flatpak"
      ]
    }
  },
  "dangerous_commands_macos": {
    "description": "Commands that change the system: disks, services, packages, keychains",
    "platform": "macos",
    "deny": {
      "commands": [
        "diskutil",
        "newfs_apfs",
        "newfs_hfs",
        "newfs_msdos",
        "fdisk",
        "csrutil",
        "nvram",
        "spctl",
        "launchctl",
        "osascript",
        "security",
        "dscl",
        "defaults",
        "brew",
        "port",
        "softwareupdate"
      ]
    }
  },
  "unlink_protection": {
    "description": "Nothing outside the write grants is removed; Landlock never grants it, Seatbelt needs a rule",
    "deny": {
      "unlink": true
    }
  },
  "system_read": {
    "description": "Programs, libraries and configuration of the system",
    "platform": "linux",
    "allow": {
      "read": [
        "/usr",
        "/bin",
        "/sbin",
        "/lib",
        "/lib32",
        "/lib64",
        "/libx32",
        "/etc",
        "/proc",
        "/sys/devices/system/cpu",
        "/sys/devices/system/node",
        "/sys/fs/cgroup",
        "/sys/kernel/mm/transparent_hugepage",
        "/sys/kernel/mm/hugepages",
        "/run/systemd/resolve/resolv.conf",
        "/run/systemd/resolve/stub-resolv.conf",
        "/run/resolvconf/resolv.conf",
        "/run/NetworkManager/resolv.conf",
        "/run/NetworkManager/no-stub-resolv.conf",
        "/mnt/wsl/resolv.conf",
        "/var/lib/ca-certificates"
      ]
    }
  },
  "system_read_macos": {
    "description": "Programs, libraries and configuration of the system",
    "platform": "macos",
    "allow": {
      "read": [
        "/usr",
        "/bin",
        "/sbin",
        "/System",
        "/Library/Apple",
        "/Library/Developer/CommandLineTools",
        "/Library/Preferences/com.apple.networkd.plist",
        "/private/etc",
        "/private/var/db/dyld",
        "/private/var/db/timezone",
        "/private/var/db/xcode_select_link",
        "/private/var/select"
      ]
    }
  },
  "devices": {
    "description": "Devices that hold nothing, random numbers, and the terminal that nono was started on",
    "platform": "linux",
    "allow": {
      "read": [
        "/dev/random",
        "/dev/urandom"
      ],
      "readwrite": [
        "/dev/null",
        "/dev/zero",
        "/dev/full",
        "/dev/tty",
        "$TTY"
      ]
    }
  },
  "devices_macos": {
    "description": "Devices that hold nothing, random numbers, and the terminal",
    "platform": "macos",
    "allow": {
      "read": [
        "/dev/random",
        "/dev/urandom",
        "/dev/autofs_nowait",
        "/dev/dtracehelper"
      ],
      "readwrite": [
        "/dev/null",
        "/dev/zero",
        "/dev/tty",
        "/dev/fd",
        "$TTY"
      ]
    }
  },
  "pseudo_terminals": {
    "description": "New terminals, for programs that open their own; the user's other terminals can be written as well",
    "platform": "linux",
    "allow": {
      "readwrite": [
        "/dev/ptmx",
        "/dev/pts"
      ]
    }
  },
  "shared_memory": {
    "description": "POSIX shared memory and semaphores; that of the user's other programs can be reached as well",
    "platform": "linux",
    "allow": {
      "readwrite": [
        "/dev/shm"
      ]
    }
  },
  "private_tmp": {
    "description": "The temporary directory of the session, which TMPDIR names; /tmp itself is not granted",
    "allow": {
      "readwrite": [
        "$TMPDIR"
      ]
    }
  },
  "system_tmp": {
    "description": "The temporary directories that all programs share, for those that do not obey TMPDIR",
    "allow": {
      "readwrite": [
        "/tmp",
        "/var/tmp"
      ]
    }
  },
  "user_tools": {
    "description": "Programs that the user installed outside of the system's package manager",
    "platform": "linux",
    "allow": {
      "read": [
        "~/bin",
        "~/.local/bin",
        "/opt",
        "/home/linuxbrew/.linuxbrew",
        "$XDG_DATA_HOME/mise",
        "$XDG_CONFIG_HOME/mise",
        "~/.asdf",
        "~/.proto"
      ]
    }
  },
  "user_tools_macos": {
    "description": "Programs that the user installed outside of the system",
    "platform": "macos",
    "allow": {
      "read": [
        "~/bin",
        "~/.local/bin",
        "/opt/homebrew",
        "/usr/local",
        "/opt/local",
        "$XDG_DATA_HOME/mise",
        "~/.asdf"
      ]
    }
  },
  "user_caches_linux": {
    "description": "All caches of the user. Wide: other programs run what lies in theirs; prefer the cache of one tool",
    "platform": "linux",
    "allow": {
      "readwrite": [
        "$XDG_CACHE_HOME"
      ]
    }
  },
  "user_caches_macos": {
    "description": "All caches of the user. Wide: other programs run what lies in theirs; prefer the cache of one tool",
    "platform": "macos",
    "allow": {
      "readwrite": [
        "~/Library/Caches"
      ]
    }
  },
  "git_config": {
    "description": "Who the user is to git; no credentials",
    "allow": {
      "read": [
        "~/.gitconfig",
        "$XDG_CONFIG_HOME/git/config",
        "$XDG_CONFIG_HOME/git/ignore",
        "$XDG_CONFIG_HOME/git/attributes"
      ]
    }
  },
  "node_runtime": {
    "description": "Node.js, its version managers, and packages that are installed globally",
    "allow": {
      "read": [
        "$NVM_DIR",
        "~/.fnm",
        "$XDG_DATA_HOME/fnm",
        "~/.volta",
        "~/.nodenv",
        "~/.n",
        "~/.npm-global",
        "~/.npm-packages",
        "$PNPM_HOME",
        "~/.yarn",
        "$XDG_CONFIG_HOME/yarn/global",
        "$XDG_CACHE_HOME/node/corepack",
        "/usr/local/lib/node_modules"
      ]
    }
  },
  "node_cache": {
    "description": "Downloaded npm, pnpm and yarn packages",
    "allow": {
      "readwrite": [
        "~/.npm",
        "$XDG_DATA_HOME/pnpm/store",
        "$XDG_CACHE_HOME/pnpm",
        "$XDG_STATE_HOME/pnpm",
        "$XDG_CACHE_HOME/yarn",
        "~/.yarn/berry",
        "$XDG_CACHE_HOME/node-gyp",
        "$XDG_CACHE_HOME/node"
      ]
    }
  },
  "python_runtime": {
    "description": "Pythons, their version managers, and packages that are installed for the user",
    "allow": {
      "read": [
        "$PYENV_ROOT",
        "~/.local/lib",
        "$XDG_DATA_HOME/uv",
        "$XDG_DATA_HOME/pipx",
        "~/.local/pipx",
        "$XDG_DATA_HOME/pypoetry",
        "~/.rye",
        "~/miniconda3",
        "~/anaconda3",
        "~/miniforge3",
        "~/.conda/envs",
        "~/.conda/pkgs"
      ]
    }
  },
  "python_cache": {
    "description": "Downloaded Python packages and the environments of poetry",
    "allow": {
      "readwrite": [
        "$XDG_CACHE_HOME/pip",
        "$XDG_CACHE_HOME/uv",
        "$XDG_CACHE_HOME/pypoetry",
        "$XDG_CACHE_HOME/pre-commit",
        "$XDG_CACHE_HOME/ruff",
        "$XDG_CACHE_HOME/mypy"
      ]
    }
  },
  "rust_runtime": {
    "description": "Toolchains of rustup, programs of cargo, and sources that it has already",
    "allow": {
      "read": [
        "$RUSTUP_HOME",
        "$CARGO_HOME/bin",
        "$CARGO_HOME/env",
        "$CARGO_HOME/config",
        "$CARGO_HOME/config.toml",
        "$CARGO_HOME/registry",
        "$CARGO_HOME/git"
      ]
    }
  },
  "rust_cache": {
    "description": "Downloaded crates, and the locks and the usage record beside them",
    "allow": {
      "readwrite": [
        "$CARGO_HOME/registry",
        "$CARGO_HOME/git",
        "$CARGO_HOME/.package-cache",
        "$CARGO_HOME/.package-cache-mutate",
        "$CARGO_HOME/.global-cache"
      ]
    }
  },
  "go_runtime": {
    "description": "Go toolchains, their settings, programs of `go install`, and modules that are there already",
    "allow": {
      "read": [
        "~/sdk",
        "~/.go",
        "~/.gvm",
        "$GOPATH/bin",
        "$GOMODCACHE",
        "$XDG_CONFIG_HOME/go/env"
      ]
    }
  },
  "go_cache": {
    "description": "Downloaded modules and compiled packages",
    "allow": {
      "readwrite": [
        "$GOMODCACHE",
        "$GOPATH/pkg/sumdb",
        "$GOCACHE",
        "$XDG_CACHE_HOME/golangci-lint"
      ]
    }
  },
  "java_runtime": {
    "description": "JDKs and build tools of SDKMAN, jenv and IDEs",
    "allow": {
      "read": [
        "~/.sdkman",
        "~/.jdks",
        "~/.jenv",
        "~/.java"
      ]
    }
  },
  "java_cache": {
    "description": "Downloaded artifacts of Maven and Gradle, and what Gradle's daemon keeps",
    "allow": {
      "readwrite": [
        "~/.m2/repository",
        "~/.m2/wrapper",
        "$GRADLE_USER_HOME/caches",
        "$GRADLE_USER_HOME/daemon",
        "$GRADLE_USER_HOME/native",
        "$GRADLE_USER_HOME/notifications",
        "$GRADLE_USER_HOME/jdks",
        "$GRADLE_USER_HOME/workers",
        "$GRADLE_USER_HOME/wrapper",
        "$GRADLE_USER_HOME/.tmp"
      ]
    }
  },
  "bun_runtime": {
    "description": "Bun and packages that are installed globally",
    "allow": {
      "read": [
        "$BUN_INSTALL/bin",
        "$BUN_INSTALL/install/global"
      ]
    }
  },
  "bun_cache": {
    "description": "Packages that Bun downloaded",
    "allow": {
      "readwrite": [
        "$BUN_INSTALL/install/cache"
      ]
    }
  },
  "nix_runtime": {
    "description": "Packages of Nix and NixOS",
    "allow": {
      "read": [
        "/nix/store",
        "/nix/var/nix/profiles",
        "/run/current-system",
        "~/.nix-profile",
        "~/.nix-defexpr",
        "$XDG_STATE_HOME/nix"
      ]
    }
  },
  "run_later": {
    "description": "What would run outside the sandbox later, without a further question",
    "guard": {
      "repository": {
        "hooks": "git runs what is in it at commits, merges and checkouts",
        "config": "git runs programs that it names",
        "config.worktree": "git runs programs that it names",
        "commondir": "git takes its configuration and hooks from where it points",
        "info/attributes": "git sends files through the programs that it chooses"
      },
      "pointer": "git takes its configuration and hooks from where it points",
      "hooked": {
        ".husky": "git runs what is in it at commits",
        ".pre-commit-config.yaml": "the repository's hooks run what it names",
        ".pre-commit-config.yml": "the repository's hooks run what it names",
        "prek.toml": "the repository's hooks run what it names",
        "lefthook.yml": "the repository's hooks run what it names",
        "lefthook.yaml": "the repository's hooks run what it names",
        "lefthook.json": "the repository's hooks run what it names",
        "lefthook.jsonc": "the repository's hooks run what it names",
        "lefthook.toml": "the repository's hooks run what it names",
        ".lefthook.yml": "the repository's hooks run what it names",
        ".lefthook.yaml": "the repository's hooks run what it names",
        ".lefthook.json": "the repository's hooks run what it names",
        ".lefthook.jsonc": "the repository's hooks run what it names",
        ".lefthook.toml": "the repository's hooks run what it names",
        ".config/lefthook.yml": "the repository's hooks run what it names",
        ".config/lefthook.yaml": "the repository's hooks run what it names",
        ".config/lefthook.json": "the repository's hooks run what it names",
        ".config/lefthook.jsonc": "the repository's hooks run what it names",
        ".config/lefthook.toml": "the repository's hooks run what it names",
        "lefthook-local.yml": "the repository's hooks run what it names",
        "lefthook-local.yaml": "the repository's hooks run what it names",
        "lefthook-local.json": "the repository's hooks run what it names",
        "lefthook-local.jsonc": "the repository's hooks run what it names",
        "lefthook-local.toml": "the repository's hooks run what it names",
        ".lefthook-local.yml": "the repository's hooks run what it names",
        ".lefthook-local.yaml": "the repository's hooks run what it names",
        ".lefthook-local.json": "the repository's hooks run what it names",
        ".lefthook-local.jsonc": "the repository's hooks run what it names",
        ".lefthook-local.toml": "the repository's hooks run what it names",
        ".config/lefthook-local.yml": "the repository's hooks run what it names",
        ".config/lefthook-local.yaml": "the repository's hooks run what it names",
        ".config/lefthook-local.json": "the repository's hooks run what it names",
        ".config/lefthook-local.jsonc": "the repository's hooks run what it names",
        ".config/lefthook-local.toml": "the repository's hooks run what it names",
        ".lefthook": "the repository's hooks run scripts in it",
        ".lefthook-local": "the repository's hooks run scripts in it"
      },
      "workspace": {
        ".hg/hgrc": "Mercurial runs hooks and programs that it names",
        ".hg/hgrc-not-shared": "Mercurial runs hooks and programs that it names",
        ".hg/sharedpath": "Mercurial takes its configuration from where it points",
        ".jj/repo/config.toml": "Jujutsu runs programs that it names",
        ".mcp.json": "agents start the servers that it names",
        ".claude/settings.json": "Claude Code runs its hooks and takes permissions from it",
        ".claude/settings.local.json": "Claude Code runs its hooks and takes permissions from it",
        ".claude/hooks": "Claude Code runs what is in it as hooks",
        ".claude/commands": "Claude Code runs shell lines in it, with permissions of their own",
        ".claude/agents": "Claude Code starts agents from it, with hooks and permissions of their own",
        ".claude/skills": "Claude Code runs scripts in it, with permissions of their own",
        ".agents/skills": "Codex, and other agents, run scripts in it",
        ".opencode": "OpenCode loads plugins from it and starts servers that it names",
        "opencode.json": "OpenCode loads plugins and starts servers that it names",
        "opencode.jsonc": "OpenCode loads plugins and starts servers that it names",
        ".pi": "pi loads extensions from it",
        ".codex": "Codex starts servers that its configuration names",
        ".gemini": "Gemini CLI runs hooks and starts servers that its settings name",
        ".qwen": "Qwen Code runs hooks and starts servers that its settings name",
        ".aider.conf.yml": "aider runs the commands that it names",
        ".amazonq": "Amazon Q starts servers that it names",
        ".kiro": "Kiro runs hooks and starts servers from it",
        ".roo": "Roo Code starts servers that it names",
        ".kilocode": "Kilo Code starts servers that it names",
        ".clinerules/hooks": "Cline runs what is in it as hooks",
        ".continue": "Continue starts servers that it names",
        ".cursor": "Cursor runs hooks and starts servers from it",
        ".windsurf": "Windsurf runs hooks and workflows from it",
        ".vscode": "editors run tasks and programs that it names",
        ".idea": "JetBrains editors run tasks and programs that it names",
        ".zed": "Zed runs tasks and programs that it names",
        ".devcontainer": "editors run commands that it names, outside the container as well",
        ".devcontainer.json": "editors run commands that it names, outside the container as well",
        ".exrc": "vi runs it where exrc is set",
        ".vimrc": "Vim runs it where exrc is set",
        ".nvimrc": "Neovim runs it where exrc is set",
        ".nvim.lua": "Neovim runs it where exrc is set",
        ".envrc": "direnv runs it when the directory is entered",
        "mise.toml": "mise runs hooks and sets PATH from it when the directory is entered",
        ".mise.toml": "mise runs hooks and sets PATH from it when the directory is entered",
        "mise.local.toml": "mise runs hooks and sets PATH from it when the directory is entered",
        ".mise.local.toml": "mise runs hooks and sets PATH from it when the directory is entered",
        ".mise": "mise runs hooks and sets PATH from it when the directory is entered",
        "mise/config.toml": "mise runs hooks and sets PATH from it when the directory is entered",
        "mise/config.local.toml": "mise runs hooks and sets PATH from it when the directory is entered",
        "mise/conf.d": "mise runs hooks and sets PATH from it when the directory is entered",
        ".config/mise.toml": "mise runs hooks and sets PATH from it when the directory is entered",
        ".config/mise.local.toml": "mise runs hooks and sets PATH from it when the directory is entered",
        ".config/mise": "mise runs hooks and sets PATH from it when the directory is entered",
        ".miserc.toml": "mise takes its configuration from where it says",
        ".config/miserc.toml": "mise takes its configuration from where it says",
        ".tool-versions": "mise runs what its templates name when the directory is entered"
      }
    }
  },
  "workspace_secrets": {
    "description": "Environment files, private keys and credentials that lie in the directories of work",
    "guard": {
      "secrets": {
        ".env": "variables with secrets",
        ".env.*": "variables with secrets",
        "*.env": "variables with secrets",
        "id_rsa": "a private key",
        "id_dsa": "a private key",
        "id_ecdsa": "a private key",
        "id_ed25519": "a private key",
        "*.pem": "a private key",
        "*.key": "a private key",
        "*.ppk": "a private key",
        "*.p12": "a private key",
        "*.pfx": "a private key",
        "*.jks": "private keys",
        "*.keystore": "private keys",
        "*.kdbx": "passwords",
        ".netrc": "passwords",
        ".pgpass": "passwords",
        ".htpasswd": "passwords",
        ".git-credentials": "passwords",
        ".pypirc": "a token",
        ".vault-token": "a token",
        "credentials": "credentials",
        "credentials.json": "credentials",
        "service-account*.json": "credentials of a service account",
        "*-service-account.json": "credentials of a service account",
        "kubeconfig": "credentials of a cluster",
        "*.kubeconfig": "credentials of a cluster",
        "secrets.json": "secrets",
        "secrets.yml": "secrets",
        "secrets.yaml": "secrets",
        "*.tfvars": "secrets",
        "terraform.tfstate": "secrets in the state of what was made",
        "terraform.tfstate.backup": "secrets in the state of what was made"
      },
      "public": [
        ".env.example",
        ".env.sample",
        ".env.template",
        ".env.dist",
        ".env.defaults",
        "example.env"
      ]
    }
  }
};
