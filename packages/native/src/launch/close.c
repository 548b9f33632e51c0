#include "launch.h"

#include <limits.h>
#include <unistd.h>

#include "../../include/kernel.h"

static int close_between(uint32_t first, uint32_t end)
{
	return first < end ? (int)syscall(SYS_close_range, first, end - 1, 0) : 0;
}

int close_all_but(const uint32_t *keep, uint32_t count)
{
	uint32_t first = 3;

	for (uint32_t i = 0; i < count; i++) {
		if (close_between(first, keep[i]))
			return -1;
		first = keep[i] + 1;
	}
	return close_between(first, UINT_MAX);
}
