#include "privileges.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/syscall.h>
#include <unistd.h>

static int get_capabilities(uint64_t *permitted, uint64_t *effective)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data))
		return errno;
	*permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
	*effective = data[0].effective | (uint64_t)data[1].effective << 32;
	return 0;
}

static int set_capabilities(uint64_t permitted, uint64_t effective)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = {
		{ .permitted = (uint32_t)permitted, .effective = (uint32_t)effective },
		{ .permitted = (uint32_t)(permitted >> 32), .effective = (uint32_t)(effective >> 32) },
	};

	return syscall(SYS_capset, &header, data) ? errno : 0;
}

int privileges_read(struct privileges *privileges)
{
	struct credentials *own = &privileges->own;
	int error = get_capabilities(&privileges->permitted, &own->capabilities);
	int count = getgroups(0, NULL);

	if (error || count < 0)
		return error ? error : errno;
	own->groups = calloc((size_t)count + 1, sizeof *own->groups);
	if (!own->groups)
		return ENOMEM;
	count = getgroups(count, own->groups);
	if (count < 0)
		return errno;
	own->group_count = (size_t)count;
	own->user = own->file_user = geteuid();
	own->group = own->file_group = getegid();
	privileges->any = privileges->permitted != 0;
	return 0;
}

/* The raw calls: libc's would change every thread of the process. */

static int set_groups(const struct credentials *credentials)
{
	return syscall(SYS_setgroups, credentials->group_count, credentials->groups) ? errno : 0;
}

static int set_ids(const struct credentials *credentials)
{
	if (syscall(SYS_setresgid, -1, credentials->group, -1) || syscall(SYS_setresuid, -1, credentials->user, -1))
		return errno;
	/*
	 * They give the id that was set before, and say nothing of failure: asked again, they tell.
	 */
	syscall(SYS_setfsgid, credentials->file_group);
	syscall(SYS_setfsuid, credentials->file_user);
	if ((gid_t)syscall(SYS_setfsgid, -1) != credentials->file_group ||
	    (uid_t)syscall(SYS_setfsuid, -1) != credentials->file_user)
		return EPERM;
	return 0;
}

static bool same_groups(const struct credentials *a, const struct credentials *b)
{
	return a->group_count == b->group_count &&
	       (!a->group_count || !memcmp(a->groups, b->groups, a->group_count * sizeof *a->groups));
}

static bool same_ids(const struct credentials *a, const struct credentials *b)
{
	return a->user == b->user && a->file_user == b->file_user && a->group == b->group &&
	       a->file_group == b->file_group;
}

/* Capabilities last: they are what the rest is done by. */
int privileges_lower(const struct privileges *privileges, const struct credentials *credentials, struct lowered *lowered)
{
	const struct credentials *own = &privileges->own;
	uint64_t capabilities = credentials->capabilities & privileges->permitted;

	*lowered = (struct lowered){
		.groups = !same_groups(credentials, own),
		.ids = !same_ids(credentials, own),
	};
	lowered->capabilities = lowered->groups || lowered->ids || capabilities != own->capabilities;
	int error = lowered->groups ? set_groups(credentials) : 0;
	if (!error && lowered->ids)
		error = set_ids(credentials);
	if (!error && lowered->capabilities)
		error = set_capabilities(privileges->permitted, capabilities);
	return error;
}

/* Capabilities before and after: the ids are set by them, and setting those takes some away. */
void privileges_resume(const struct privileges *privileges, struct lowered *lowered)
{
	const struct credentials *own = &privileges->own;
	int error = lowered->capabilities ? set_capabilities(privileges->permitted, own->capabilities) : 0;

	if (!error && lowered->ids)
		error = set_ids(own);
	if (!error && lowered->groups)
		error = set_groups(own);
	if (!error && lowered->ids)
		error = set_capabilities(privileges->permitted, own->capabilities);
	if (error)
		abort();
	*lowered = (struct lowered){ 0 };
}

void privileges_regain(const struct privileges *privileges)
{
	struct privileges now = { 0 };
	struct lowered lowered;

	if (privileges_read(&now))
		abort();
	now.own.file_user = (uid_t)syscall(SYS_setfsuid, -1);
	now.own.file_group = (gid_t)syscall(SYS_setfsgid, -1);
	lowered.groups = !same_groups(&now.own, &privileges->own);
	lowered.ids = !same_ids(&now.own, &privileges->own);
	lowered.capabilities = lowered.groups || lowered.ids || now.own.capabilities != privileges->own.capabilities;
	free(now.own.groups);
	privileges_resume(privileges, &lowered);
}
