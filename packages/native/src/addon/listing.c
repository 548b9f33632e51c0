/* A directory's entries with all that lstat(2) says, in one call: a walk costs little more than its kernel part. */
#include "addon.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file-record.h"
#include "listing.h"

#ifdef __linux__
#include <linux/magic.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#endif

#ifdef __APPLE__
#define st_mtim st_mtimespec
#define st_ctim st_ctimespec
#endif

static int64_t nanoseconds(const struct timespec *time)
{
	return (int64_t)time->tv_sec * 1000000000 + time->tv_nsec;
}

/*
 * Of what lies in memory nothing is written back, so that the kernel does not follow who writes through
 * mapped memory, and leaves the times as they were.
 */
static bool is_untimed(int file)
{
#ifdef __linux__
	struct statfs system;

	if (fstatfs(file, &system))
		return true;
	return system.f_type == TMPFS_MAGIC || (uint32_t)system.f_type == RAMFS_MAGIC ||
	       (uint32_t)system.f_type == HUGETLBFS_MAGIC;
#else
	(void)file;
	return false;
#endif
}

int file_record_fill(int directory, const char *name, struct file_record *record)
{
	struct stat stat;

	if (*name ? fstatat(directory, name, &stat, AT_SYMLINK_NOFOLLOW) : fstat(directory, &stat))
		return -1;
	*record = (struct file_record){
		.device = stat.st_dev,
		.inode = stat.st_ino,
		.size = (uint64_t)stat.st_size,
		.uid = stat.st_uid,
		.gid = stat.st_gid,
		.modified = nanoseconds(&stat.st_mtim),
		.changed = nanoseconds(&stat.st_ctim),
		.mode = stat.st_mode,
		.links = (uint32_t)stat.st_nlink,
		.flags = stat.st_blocks * 512 < stat.st_size ? RECORD_HOLES : 0,
	};
	if (!*name && S_ISREG(stat.st_mode) && is_untimed(directory))
		record->flags |= RECORD_UNTIMED;
	return 0;
}

struct names {
	char **items;
	size_t count, room;
};

static int names_add(struct names *names, const char *name)
{
	if (names->count == names->room) {
		size_t room = names->room ? 2 * names->room : 64;
		char **more = realloc(names->items, room * sizeof *more);

		if (!more)
			return -1;
		names->items = more;
		names->room = room;
	}
	names->items[names->count] = strdup(name);
	return names->items[names->count++] ? 0 : -1;
}

static void names_free(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i]);
	free(names->items);
}

static bool is_dots(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

static int names_read(DIR *stream, struct names *names)
{
	struct dirent *entry;

	errno = 0;
	while ((entry = readdir(stream))) {
		if (!is_dots(entry->d_name) && names_add(names, entry->d_name)) {
			errno = ENOMEM;
			break;
		}
		errno = 0;
	}
	return errno ? -1 : 0;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Records and names, one behind the other. What vanished since it was listed is left out. */
static int records_fill(int directory, const struct names *names, uint8_t *room, size_t *length)
{
	for (size_t i = 0; i < names->count; i++) {
		struct file_record record;

		if (file_record_fill(directory, names->items[i], &record)) {
			if (errno == ENOENT)
				continue;
			return -1;
		}
		record.name_length = (uint32_t)strlen(names->items[i]);
		memcpy(room + *length, &record, sizeof record);
		memcpy(room + *length + sizeof record, names->items[i], record.name_length);
		*length += sizeof record + record.name_length;
	}
	return 0;
}

static size_t size_of(const struct names *names)
{
	size_t size = 1; /* malloc(0) may be NULL */

	for (size_t i = 0; i < names->count; i++)
		size += sizeof(struct file_record) + strlen(names->items[i]);
	return size;
}

static int listing_of_stream(DIR *stream, struct names *names, uint8_t **listing, size_t *length)
{
	if (names_read(stream, names))
		return -1;
	uint8_t *room = malloc(size_of(names));
	if (!room) {
		errno = ENOMEM;
		return -1;
	}
	if (names->count)
		qsort(names->items, names->count, sizeof *names->items, by_bytes);
	if (records_fill(dirfd(stream), names, room, length)) {
		int error = errno;

		free(room);
		errno = error;
		return -1;
	}
	*listing = room;
	return 0;
}

/* The record and the name at the start of a listing; the length of both, or 0 for what is none. */
static size_t entry_take(const uint8_t *listing, size_t length, struct file_record *record,
			 char name[NAME_MAX + 1])
{
	if (length < sizeof *record)
		return 0;
	memcpy(record, listing, sizeof *record);
	if (record->name_length > NAME_MAX || record->name_length > length - sizeof *record)
		return 0;
	memcpy(name, listing + sizeof *record, record->name_length);
	name[record->name_length] = '\0';
	return sizeof *record + record->name_length;
}

static size_t entries_in(const struct bytes *listing)
{
	struct file_record record;
	char name[NAME_MAX + 1];
	size_t count = 0;

	for (size_t at = 0, size; at < listing->length; at += size, count++)
		if (!(size = entry_take(listing->start + at, listing->length - at, &record, name)))
			break;
	return count;
}

uint32_t *listings_match(const struct bytes *then, const struct bytes *now, size_t *count)
{
	*count = entries_in(now);
	uint32_t *matches = calloc(*count + 1, sizeof *matches);
	struct file_record record[2];
	char name[2][NAME_MAX + 1];
	size_t at[2] = { 0 }, size[2] = { 0 };

	if (!matches)
		return NULL;
	/* both are sorted by their names */
	for (uint32_t i = 0, known = 0; i < *count; i++, at[1] += size[1]) {
		size[1] = entry_take(now->start + at[1], now->length - at[1], &record[1], name[1]);
		int order = 1;

		for (; (size[0] = entry_take(then->start + at[0], then->length - at[0], &record[0], name[0]));
		     at[0] += size[0], known++)
			if ((order = strcmp(name[0], name[1])) >= 0)
				break;
		if (size[0] && !order)
			matches[i] =
				(known + 1) |
				(memcmp(&record[0], &record[1], sizeof *record) ? 0 : MATCHES_WHOLLY);
	}
	return matches;
}

#ifdef __linux__
/* How many entries there are, or -1 with errno; the next one who reads begins at the start. */
static long entries_count(int directory)
{
	_Alignas(struct dirent64) char room[32 << 10];
	long count = 0, length;

	while ((length = syscall(SYS_getdents64, directory, room, sizeof room)) > 0)
		for (long at = 0; at < length;) {
			const struct dirent64 *entry = (const void *)(room + at);

			count += !is_dots(entry->d_name);
			at += entry->d_reclen;
		}
	return length || lseek(directory, 0, SEEK_SET) ? -1 : count;
}

/*
 * Whether a directory has other times whenever a name in it was added, removed or exchanged, as POSIX has it (rename(2), unlink(2),
 * link(2)): known of the local file systems that are used most.
 */
static bool times_tell_names(int directory)
{
	struct statfs system;

	if (fstatfs(directory, &system))
		return false;
	return system.f_type == EXT4_SUPER_MAGIC || system.f_type == XFS_SUPER_MAGIC ||
	       (uint32_t)system.f_type == BTRFS_SUPER_MAGIC || system.f_type == TMPFS_MAGIC;
}

/* All that was listed is there as it was, and as many names as that, or as before: so there is nothing else. */
bool directory_is_as_listed(int directory, const uint8_t *listing, size_t length, bool same_times)
{
	bool same_names = same_times && times_tell_names(directory);
	long count = same_names ? 0 : entries_count(directory);
	struct file_record then, now;
	char name[NAME_MAX + 1];

	for (size_t at = 0, size; at < length; at += size, count--) {
		size = entry_take(listing + at, length - at, &then, name);
		if (!size || file_record_fill(directory, name, &now))
			return false;
		now.name_length = then.name_length;
		if (memcmp(&then, &now, sizeof now))
			return false;
	}
	return same_names || count == 0;
}
#else
bool directory_is_as_listed(int directory, const uint8_t *listing, size_t length, bool same_times)
{
	(void)directory, (void)listing, (void)length, (void)same_times;
	return false;
}
#endif

int listing_of_directory(int directory, uint8_t **listing, size_t *length)
{
	DIR *stream = fdopendir(directory);
	struct names names = { 0 };

	*length = 0;
	if (!stream) {
		int error = errno;

		close(directory);
		errno = error;
		return -1;
	}
	int failed = listing_of_stream(stream, &names, listing, length);
	int error = errno;
	names_free(&names);
	closedir(stream);
	errno = error;
	return failed;
}

napi_value directory_list(napi_env env, napi_callback_info info)
{
	napi_value argument, result;
	int32_t directory;
	uint8_t *listing;
	size_t length;

	if (!take_arguments(env, info, 1, &argument) || !take_int(env, argument, &directory))
		return NULL;
	int own = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (own < 0 || listing_of_directory(own, &listing, &length))
		return throw_errno(env, errno);
	napi_create_buffer_copy(env, length, listing, NULL, &result);
	free(listing);
	return result;
}
