/* Source: Documentation/userspace-api/landlock.rst. */
#include "steps.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../include/kernel.h"
#include "folding.h"

/*
 * openat2(2), Linux 5.6, no glibc wrapper. A link anywhere is ELOOP: a path swapped since it was
 * resolved fails.
 */
static int open_without_links(const char *path, uint64_t flags)
{
	struct open_how how = { .flags = flags | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS };

	return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
}

/* Takes the descriptor over. */
static int object_add(int ruleset, int object, uint64_t rights, uint32_t index, struct failure *failure)
{
	struct landlock_path_beneath_attr attr = { .allowed_access = rights, .parent_fd = object };
	long added = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &attr, 0);
	int error = errno;

	close(object);
	return added ? failed(failure, STEP_RULE_ADD, index, error) : 0;
}

static int rule_add(int ruleset, const struct rule *rule, uint32_t index, struct failure *failure)
{
	int object = open_without_links(rule->path.bytes, O_PATH);

	if (object < 0 && errno == ENOENT && (rule->flags & RULE_OPTIONAL))
		return 0;
	if (object < 0)
		return failed(failure, STEP_RULE_OPEN, index, errno);
	return object_add(ruleset, object, rule->rights, index, failure);
}

static bool is_left_out(const struct split *split, const char *name, bool folds)
{
	size_t length = strlen(name);

	for (uint32_t i = 0; i < split->name_count; i++) {
		const struct text *left_out = &split->names[i];

		if (left_out->length == length && !memcmp(left_out->bytes, name, length))
			return true;
		if (folds && names_alike(left_out->bytes, left_out->length, name, length))
			return true;
	}
	return !strcmp(name, ".") || !strcmp(name, "..");
}

/* Some file systems leave the kind of an entry open. */
static unsigned char kind_of(int directory, const struct dirent64 *entry)
{
	struct stat stat;

	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type;
	return fstatat(directory, entry->d_name, &stat, AT_SYMLINK_NOFOLLOW) ? DT_UNKNOWN : IFTODT(stat.st_mode);
}

/* What changed since it was listed gets nothing: it is judged where it is now. */
static bool is_gone(int error)
{
	return error == ENOENT || error == ENOTDIR || error == ELOOP || error == EACCES;
}

/* What a link names is judged where that lies. */
static int entry_add(int ruleset, int directory, bool folds, const struct dirent64 *entry, const struct split *split,
		     uint32_t index, struct failure *failure)
{
	unsigned char kind = kind_of(directory, entry);
	uint64_t rights = kind == DT_DIR ? split->directories : split->files;

	if (kind == DT_LNK || kind == DT_UNKNOWN || !rights || is_left_out(split, entry->d_name, folds))
		return 0;
	int object = openat(directory, entry->d_name,
			    O_PATH | O_NOFOLLOW | O_CLOEXEC | (kind == DT_DIR ? O_DIRECTORY : 0));
	if (object < 0)
		return is_gone(errno) ? 0 : failed(failure, STEP_RULE_OPEN, index, errno);
	return object_add(ruleset, object, rights, index, failure);
}

static int entries_add(int ruleset, int directory, const struct split *split, uint32_t index,
		       struct failure *failure)
{
	_Alignas(struct dirent64) char buffer[8192];
	bool folds = directory_folds(directory, true);
	ssize_t length;

	while ((length = getdents64(directory, (void *)buffer, sizeof buffer)) > 0) {
		for (ssize_t at = 0; at < length;) {
			const struct dirent64 *entry = (const struct dirent64 *)(buffer + at);

			if (entry_add(ruleset, directory, folds, entry, split, index, failure))
				return -1;
			at += entry->d_reclen;
		}
	}
	return length < 0 ? failed(failure, STEP_RULE_OPEN, index, errno) : 0;
}

/* `index` counts on from the rules. What may not be listed has no entries that could be given. */
static int split_add(int ruleset, const struct split *split, uint32_t index, struct failure *failure)
{
	int directory = open_without_links(split->path.bytes, O_RDONLY | O_DIRECTORY);

	if (directory < 0 && (errno == EACCES || (errno == ENOENT && (split->flags & RULE_OPTIONAL))))
		return 0;
	if (directory < 0)
		return failed(failure, STEP_RULE_OPEN, index, errno);
	int added = entries_add(ruleset, directory, split, index, failure);
	close(directory);
	return added;
}

static int port_add(int ruleset, const struct port *port, uint32_t index, struct failure *failure)
{
	struct landlock_net_port_attr attr = { .allowed_access = port->rights, .port = port->port };

	if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_NET_PORT, &attr, 0))
		return failed(failure, STEP_PORT_ADD, index, errno);
	return 0;
}

static int ruleset_fill(int ruleset, const struct plan *plan, struct failure *failure)
{
	for (uint32_t i = 0; i < plan->rule_count; i++)
		if (rule_add(ruleset, &plan->rules[i], i, failure))
			return -1;
	for (uint32_t i = 0; i < plan->split_count; i++)
		if (split_add(ruleset, &plan->splits[i], plan->rule_count + i, failure))
			return -1;
	for (uint32_t i = 0; i < plan->port_count; i++)
		if (port_add(ruleset, &plan->ports[i], i, failure))
			return -1;
	return 0;
}

/* The smallest size that holds every field in use: an older kernel takes no more than it knows. */
static size_t attr_size(const struct landlock_ruleset_attr *attr)
{
	if (attr->scoped)
		return sizeof *attr;
	if (attr->handled_access_net)
		return offsetof(struct landlock_ruleset_attr, scoped);
	return offsetof(struct landlock_ruleset_attr, handled_access_net);
}

int ruleset_create(const struct plan *plan, struct failure *failure)
{
	struct landlock_ruleset_attr attr = {
		.handled_access_fs = plan->handled_fs,
		.handled_access_net = plan->handled_net,
		.scoped = plan->scoped,
	};
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, attr_size(&attr), 0);

	if (ruleset < 0)
		return failed(failure, STEP_RULESET_CREATE, 0, errno);
	if (ruleset_fill(ruleset, plan, failure)) {
		close(ruleset);
		return -1;
	}
	return ruleset;
}

int ruleset_restrict(int ruleset, uint32_t flags, struct failure *failure)
{
	if (syscall(SYS_landlock_restrict_self, ruleset, flags))
		return failed(failure, STEP_RESTRICT, 0, errno);
	return 0;
}
