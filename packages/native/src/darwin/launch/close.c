#include <libproc.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../launch/launch.h"

#define ROOM_BEYOND 16

static bool is_kept(uint32_t descriptor, const uint32_t *keep, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (keep[i] == descriptor)
			return true;
	return descriptor < 3;
}

/* macOS has no close_range(2), but tells which are open; nobody else opens any in this process. */
int close_all_but(const uint32_t *keep, uint32_t count)
{
	int size = proc_pidinfo(getpid(), PROC_PIDLISTFDS, 0, NULL, 0);
	struct proc_fdinfo *open;

	if (size <= 0)
		return -1;
	size += ROOM_BEYOND * (int)sizeof *open;
	open = malloc((size_t)size);
	if (!open)
		return -1;
	size = proc_pidinfo(getpid(), PROC_PIDLISTFDS, 0, open, size);
	for (int i = 0; i < size / (int)sizeof *open; i++)
		if (!is_kept((uint32_t)open[i].proc_fd, keep, count))
			close(open[i].proc_fd);
	free(open);
	return size <= 0 ? -1 : 0;
}
