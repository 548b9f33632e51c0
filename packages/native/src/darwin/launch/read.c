#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../launch/launch.h"

#define LENGTH_OFFSET 12 /* plan.h */

/* A shared memory object has whole pages: how much of them is the plan, it says itself. */
static size_t length_of(const uint8_t *pages)
{
	size_t length = 0;

	for (int i = 3; i >= 0; i--)
		length = length << 8 | pages[LENGTH_OFFSET + i];
	return length;
}

/* A copy, not the mapping: who holds the object could still write to it while it is decoded. */
int plan_read(int descriptor, uint8_t **bytes, size_t *length, struct failure *failure)
{
	struct stat about;

	if (fstat(descriptor, &about))
		return failed(failure, STEP_PLAN_READ, 0, errno);
	if (about.st_size < LENGTH_OFFSET + 4)
		return failed(failure, STEP_PLAN_READ, 0, ENODATA);
	void *pages = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_SHARED, descriptor, 0);
	if (pages == MAP_FAILED)
		return failed(failure, STEP_PLAN_READ, 0, errno);
	*length = length_of(pages);
	bool fits = *length <= (size_t)about.st_size && *length <= PLAN_LENGTH_MAX;
	*bytes = fits ? malloc(*length + 1) : NULL;
	if (*bytes)
		memcpy(*bytes, pages, *length);
	munmap(pages, (size_t)about.st_size);
	if (!fits)
		return failed(failure, STEP_PLAN_READ, 0, E2BIG);
	return *bytes ? 0 : failed(failure, STEP_PLAN_READ, 0, ENOMEM);
}
