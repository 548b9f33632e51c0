#include "listing.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../include/kernel.h"
#include "../plan/folding.h"

struct builder {
	struct listing *listing;
	size_t prefix; /* length of the directory with its slash */
	size_t room;   /* of entries */
	size_t text_length, text_room;
};

/* `array` with room for at least `wanted` elements; NULL without memory, and then as it was. */
static void *grown(void *array, size_t *room, size_t wanted, size_t size)
{
	if (wanted <= *room)
		return array;
	size_t larger = wanted > 2 * *room ? wanted : 2 * *room;
	void *moved = realloc(array, larger * size);
	if (moved)
		*room = larger;
	return moved;
}

static bool add(struct builder *builder, const char *name, const struct stat *stat)
{
	struct listing *listing = builder->listing;
	size_t length = strlen(name) + 1, at = builder->text_length;
	struct listed *entries = grown(listing->entries, &builder->room, listing->count + 1, sizeof *entries);
	if (entries)
		listing->entries = entries;
	char *texts = grown(listing->texts, &builder->text_room, at + builder->prefix + length, 1);
	if (texts)
		listing->texts = texts;
	if (!entries || !texts)
		return false;
	memcpy(texts + at, listing->directory, builder->prefix - 1);
	texts[at + builder->prefix - 1] = '/';
	memcpy(texts + at + builder->prefix, name, length);
	builder->text_length += builder->prefix + length;
	entries[listing->count++] = (struct listed){
		.path = at,
		.identity = { stat->st_dev, stat->st_ino },
		.directory = S_ISDIR(stat->st_mode),
	};
	return true;
}

/*
 * The identity is that of stat, and not what the directory says: they differ on overlays and mount
 * points.
 */
static bool add_entry(struct builder *builder, int directory, const struct dirent64 *entry)
{
	const char *name = entry->d_name;
	struct stat stat;

	if (entry->d_type == DT_LNK || !strcmp(name, ".") || !strcmp(name, ".."))
		return true;
	if (fstatat(directory, name, &stat, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) || S_ISLNK(stat.st_mode))
		return true;
	return add(builder, name, &stat);
}

/* What could not be read to its end has fewer entries: those are served by us, or refused. */
static bool read_entries(struct builder *builder, int directory)
{
	_Alignas(struct dirent64) char buffer[32768];
	ssize_t length;

	while ((length = getdents64(directory, (void *)buffer, sizeof buffer)) > 0) {
		for (ssize_t at = 0; at < length;) {
			const struct dirent64 *entry = (const struct dirent64 *)(buffer + at);

			if (!add_entry(builder, directory, entry))
				return false;
			at += entry->d_reclen;
		}
	}
	return true;
}

struct listing *listing_make(const char *directory)
{
	struct listing *listing = calloc(1, sizeof *listing);
	struct open_how how = { .flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS };

	if (!listing)
		return NULL;
	listing->directory = strdup(directory);
	int opened = (int)syscall(SYS_openat2, AT_FDCWD, directory, &how, sizeof how);
	struct builder builder = {
		.listing = listing,
		.prefix = (strcmp(directory, "/") ? strlen(directory) : 0) + 1,
	};
	listing->folds = opened >= 0 && directory_folds(opened, true);
	bool whole = listing->directory && (opened < 0 || read_entries(&builder, opened));
	if (opened >= 0)
		close(opened);
	if (whole)
		return listing;
	listing_free(listing);
	return NULL;
}

void listing_free(struct listing *listing)
{
	if (!listing)
		return;
	free(listing->directory);
	free(listing->entries);
	free(listing->texts);
	free(listing);
}
