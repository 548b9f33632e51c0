#include "steps.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * What a later execve(2) of root could take back. Without CAP_SETPCAP the bounding set stays as it
 * is (EPERM, for any number): no_new_privs then keeps what capset(2) took away. EINVAL: past the
 * last capability of this kernel.
 */
static int bounds_drop(uint64_t keep)
{
	for (unsigned long number = 0; number < 64; number++) {
		if (keep >> number & 1)
			continue;
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, number, 0, 0))
			return errno == EINVAL ? 0 : -1;
		if (prctl(PR_CAPBSET_DROP, number, 0, 0, 0) && errno != EPERM)
			return -1;
	}
	return 0;
}

int capabilities_drop(const struct plan *plan, struct failure *failure)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	if (!(plan->flags & PLAN_DROP_CAPABILITIES))
		return 0;
	if (bounds_drop(plan->keep_capabilities) || syscall(SYS_capget, &header, data))
		return failed(failure, STEP_CAPABILITIES, 0, errno);
	for (int i = 0; i < 2; i++) {
		uint32_t keep = (uint32_t)(plan->keep_capabilities >> (32 * i));

		data[i].effective &= keep;
		data[i].permitted &= keep;
		data[i].inheritable &= keep;
	}
	if (syscall(SYS_capset, &header, data))
		return failed(failure, STEP_CAPABILITIES, 0, errno);
	return 0;
}

int privileges_freeze(struct failure *failure)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return failed(failure, STEP_NO_NEW_PRIVS, 0, errno);
	return 0;
}
