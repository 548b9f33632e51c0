/*
 * The plan: exactly what the launcher and the addon do, as bytes.
 *
 * Written by packages/core/src/plan/encode.ts, read by src/plan/decode.c, which checks every bound and is fuzzed.
 * All numbers are little-endian and packed without alignment. The order of sections is the order below.
 *
 *   header   magic u8[8] "NONOPLAN", version u32, length u32 (of the whole plan), flags u32,
 *            parent u32 (pid that the launcher's parent must have, 0: any),
 *            keep_capabilities u64 (mask of capabilities that survive PLAN_DROP_CAPABILITIES),
 *            handled_fs u64, handled_net u64, scoped u64, restrict_flags u32,
 *            then the counts, each u32: argc, environment, rules, splits, ports, limits, descriptors, filters
 *   string   length u32 (without the NUL), bytes, NUL. No NUL inside. At most PLAN_STRING_MAX.
 *   cwd      string; empty: stay
 *   path     string; the absolute path to execute; empty only for a plan that is applied in-process
 *   argv     argc strings
 *   env      `environment` strings "NAME=value"; the launcher's own environment is never passed on
 *   profile  string; the Seatbelt profile as sandbox_init(3) takes it
 *   marker   string; a Mach service that the profile allows to be looked up, and nobody else's does: by it a guardian knows
 *            whom it guards. The same name with ".not" behind it is not allowed
 *   rules    rights u64, flags u32, path string: one landlock_path_beneath each
 *   splits   files u64, directories u64, flags u32, path string, count u32, count strings: one landlock_path_beneath for each
 *            entry of that directory but links and those with these names, read when the ruleset is made
 *   ports    rights u64, port u64: one landlock_net_port each
 *   limits   resource u32, soft u64, hard u64: one setrlimit each
 *   descriptors  u32 each, ascending, at least 3: what stays open beside 0, 1 and 2
 *   filters  flags u32, count u32, count times { code u16, jt u8, jf u8, k u32 }: installed in this order
 *
 * Also refused: an unknown flag; a mask, rule, split or port without PLAN_LANDLOCK, keep_capabilities
 * without PLAN_DROP_CAPABILITIES and a profile or marker without PLAN_SEATBELT, which nothing would enforce; PLAN_SEATBELT
 * without a profile, or beside Linux's own; a command without argv[0]; a relative
 * path of a rule; a variable without a name; a port above 65535; a filter without instructions or
 * with more than BPF_MAXINSNS; a second listener, which the kernel does not allow; a byte behind the
 * last filter.
 */
#ifndef NONO_PLAN_H
#define NONO_PLAN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __linux__
#include <linux/filter.h>
#else
/* As there; elsewhere they are read to be refused. */
#define BPF_MAXINSNS 4096

struct sock_filter {
	uint16_t code;
	uint8_t jt, jf;
	uint32_t k;
};

struct sock_fprog {
	unsigned short len;
	struct sock_filter *filter;
};
#endif

#define PLAN_VERSION 3u
#define PLAN_LENGTH_MAX (8u << 20)
#define PLAN_STRING_MAX (1u << 20)
#define PLAN_RULES_MAX 65536u
#define PLAN_SPLITS_MAX 65536u
#define PLAN_NAMES_MAX 65536u
#define PLAN_ARGS_MAX (1u << 19) /* execve(2) takes 2 MiB of them with the usual stack, 10 bytes each at least */
#define PLAN_PORTS_MAX 65536u
#define PLAN_LIMITS_MAX 16u
#define PLAN_DESCRIPTORS_MAX 1024u
#define PLAN_FILTERS_MAX 8u

enum plan_flag {
	PLAN_GUARD = 1u << 0,             /* fork: this process guards the tree, the child executes */
	PLAN_NEW_SESSION = 1u << 1,       /* setsid */
	PLAN_CONTROLLING_TTY = 1u << 2,   /* TIOCSCTTY on the first terminal of 0 to 2; needs PLAN_NEW_SESSION */
	PLAN_LANDLOCK = 1u << 3,          /* create, fill and enforce a ruleset */
	PLAN_DROP_CAPABILITIES = 1u << 4, /* all but keep_capabilities, from every set */
	PLAN_DEATH_SIGNAL = 1u << 5,      /* SIGKILL when the parent ends */
	PLAN_SEATBELT = 1u << 6,          /* macOS: enforce the profile */
};

enum rule_flag {
	RULE_OPTIONAL = 1u << 0, /* ENOENT is no failure */
};

enum filter_flag {
	FILTER_LISTENER = 1u << 0, /* NEW_LISTENER, WAIT_KILLABLE_RECV; handed over, see launch.h */
};

struct text {
	const char *bytes; /* NUL-terminated, inside the plan's buffer */
	uint32_t length;
};

struct rule {
	uint64_t rights;
	uint32_t flags;
	struct text path;
};

/* An entry that is gone when it is opened gets nothing, and neither does one that turned into a link. */
struct split {
	uint64_t files, directories; /* rights by kind of entry; 0: those get no rule */
	uint32_t flags;              /* RULE_OPTIONAL */
	struct text path;
	uint32_t name_count;
	struct text *names; /* of entries that get no rule */
};

struct port {
	uint64_t rights;
	uint64_t port;
};

struct limit {
	uint32_t resource;
	uint64_t soft;
	uint64_t hard;
};

struct filter {
	uint32_t flags;
	struct sock_fprog program;
};

struct plan {
	uint32_t flags;
	uint32_t parent;
	uint64_t keep_capabilities;
	uint64_t handled_fs;
	uint64_t handled_net;
	uint64_t scoped;
	uint32_t restrict_flags;
	struct text cwd;
	struct text path;
	char **argv;        /* NULL-terminated */
	char **environment; /* NULL-terminated */
	struct text profile;
	struct text marker;
	uint32_t argc, environment_count, rule_count, split_count, port_count, limit_count, descriptor_count, filter_count;
	struct rule *rules;
	struct split *splits;
	struct port *ports;
	struct limit *limits;
	uint32_t *descriptors;
	struct filter *filters;
};

#endif
