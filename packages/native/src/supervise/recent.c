#include "recent.h"

#include <string.h>

#define LIFETIME 500000000ull /* half a second */

static uint32_t slot_of(const char *path)
{
	uint32_t value = 2166136261u; /* FNV-1a */

	for (; *path; path++)
		value = (value ^ (uint8_t)*path) * 16777619u;
	return (value ^ value >> 16) & (RECENT_PATHS - 1);
}

bool recent_covers(const struct recent *recent, const char *path, uint64_t rights, uint64_t era, uint64_t time)
{
	const struct recent_path *known = &recent->paths[slot_of(path)];

	return known->until > time && known->era == era && !(rights & ~known->rights) && !strcmp(known->path, path);
}

void recent_note(struct recent *recent, const char *path, uint64_t rights, uint64_t era, uint64_t time)
{
	struct recent_path *slot = &recent->paths[slot_of(path)];
	size_t length = strlen(path);

	if (length >= RECENT_LENGTH)
		return;
	memcpy(slot->path, path, length + 1);
	slot->rights = rights;
	slot->era = era;
	slot->until = time + LIFETIME;
}
