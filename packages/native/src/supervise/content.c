#include "content.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "worker.h"

#define REMEMBERED 64u
#define CHUNK 65536u

/* The time of the last change to the inode changes with every write to it. */
struct comparison {
	struct identity identity;
	struct timespec changed;
	const struct executable *with;
	bool same;
};

struct comparisons {
	pthread_mutex_t mutex;
	uint32_t next;
	struct comparison list[REMEMBERED];
};

struct comparisons *comparisons_new(void)
{
	struct comparisons *comparisons = calloc(1, sizeof *comparisons);

	if (comparisons)
		pthread_mutex_init(&comparisons->mutex, NULL);
	return comparisons;
}

void comparisons_free(struct comparisons *comparisons)
{
	if (!comparisons)
		return;
	pthread_mutex_destroy(&comparisons->mutex);
	free(comparisons);
}

static bool is_about(const struct comparison *comparison, const struct executable *executable, const struct stat *stat)
{
	return comparison->with == executable && comparison->identity.inode == stat->st_ino &&
	       comparison->identity.device == stat->st_dev && comparison->changed.tv_sec == stat->st_ctim.tv_sec &&
	       comparison->changed.tv_nsec == stat->st_ctim.tv_nsec;
}

static bool recall(struct comparisons *comparisons, const struct executable *executable, const struct stat *stat,
		   bool *same)
{
	bool found = false;

	pthread_mutex_lock(&comparisons->mutex);
	for (uint32_t i = 0; i < REMEMBERED && !found; i++) {
		found = is_about(&comparisons->list[i], executable, stat);
		*same = comparisons->list[i].same;
	}
	pthread_mutex_unlock(&comparisons->mutex);
	return found;
}

static void remember(struct comparisons *comparisons, const struct executable *executable, const struct stat *stat,
		     bool same)
{
	pthread_mutex_lock(&comparisons->mutex);
	comparisons->list[comparisons->next++ % REMEMBERED] = (struct comparison){
		.identity = { stat->st_dev, stat->st_ino },
		.changed = stat->st_ctim,
		.with = executable,
		.same = same,
	};
	pthread_mutex_unlock(&comparisons->mutex);
}

/* Exactly `size` bytes, or false. */
static bool read_at(int file, void *to, size_t size, off_t offset)
{
	for (size_t done = 0; done < size;) {
		ssize_t count = pread(file, (char *)to + done, size - done, offset + (off_t)done);

		if (count <= 0)
			return false;
		done += (size_t)count;
	}
	return true;
}

static bool equal(int one, int other, uint64_t size, uint8_t *buffers)
{
	for (uint64_t offset = 0; offset < size; offset += CHUNK) {
		size_t length = size - offset < CHUNK ? (size_t)(size - offset) : CHUNK;

		/* what cannot be read cannot be told apart */
		if (!read_at(one, buffers, length, (off_t)offset) ||
		    !read_at(other, buffers + CHUNK, length, (off_t)offset))
			return true;
		if (memcmp(buffers, buffers + CHUNK, length))
			return false;
	}
	return true;
}

static bool compare(int file, const struct executable *executable)
{
	int one = open(fd_path(file).text, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int other = open(executable->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	uint8_t *buffers = malloc(2 * CHUNK);
	bool same = one < 0 || other < 0 || !buffers || equal(one, other, executable->size, buffers);

	free(buffers);
	if (one >= 0)
		close(one);
	if (other >= 0)
		close(other);
	return same;
}

static bool is_same(struct comparisons *comparisons, const struct executable *executable, int file,
		    const struct stat *stat)
{
	bool same;

	if (executable->identity.inode == stat->st_ino && executable->identity.device == stat->st_dev)
		return true;
	if (!executable->size || (uint64_t)stat->st_size != executable->size)
		return false;
	if (recall(comparisons, executable, stat, &same))
		return same;
	same = compare(file, executable);
	remember(comparisons, executable, stat, same);
	return same;
}

const struct executable *same_executable(struct comparisons *comparisons, const struct table *table, int file,
					 const struct stat *stat)
{
	for (uint32_t i = 0; i < table->executable_count; i++)
		if (is_same(comparisons, &table->executables[i], file, stat))
			return &table->executables[i];
	return NULL;
}
