#include "launch.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int read_all(int descriptor, uint8_t *bytes, size_t length)
{
	for (size_t done = 0; done < length;) {
		ssize_t count = pread(descriptor, bytes + done, length - done, (off_t)done);

		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return count < 0 ? errno : ENODATA;
		done += (size_t)count;
	}
	return 0;
}

/* A copy, not a mapping: who holds the file could still write to it while it is decoded. */
int plan_read(int descriptor, uint8_t **bytes, size_t *length, struct failure *failure)
{
	struct stat about;

	if (fstat(descriptor, &about))
		return failed(failure, STEP_PLAN_READ, 0, errno);
	if (!S_ISREG(about.st_mode))
		return failed(failure, STEP_PLAN_READ, 0, EINVAL);
	if (about.st_size <= 0 || about.st_size > PLAN_LENGTH_MAX)
		return failed(failure, STEP_PLAN_READ, 0, E2BIG);
	*length = (size_t)about.st_size;
	*bytes = malloc(*length);
	int error = *bytes ? read_all(descriptor, *bytes, *length) : ENOMEM;
	return error ? failed(failure, STEP_PLAN_READ, 0, error) : 0;
}
