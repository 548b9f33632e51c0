/*
 * What is remembered of a tree: its directories in the order of the walk, one behind the other, in two parts. See
 * packages/core/src/snapshot/cached-directory.ts for the form of both.
 */
#include "addon.h"

#include <errno.h>

#include "parts.h"

/* What stands before the lengths of a directory's leaves: packed, as it is in the file. */
struct __attribute__((packed)) head {
	uint8_t whole;
	uint32_t entries;
	uint32_t files;
	uint64_t size; /* of the files, in bytes */
	uint32_t directories; /* that were gone into */
};

/* Beside the length of a leaf: the directory was gone into. The highest bit is of no interest here. */
#define ENTERED 0x40000000u
#define LENGTH 0x3fffffffu

/* More than a walk goes into. */
#define DEEPEST 512

struct join {
	struct bytes rest; /* directories in the order of the walk */
	uint8_t *to;
	size_t room;
};

struct directory {
	struct head head;
	struct bytes lengths; /* of the leaves, 32 bits each */
	struct bytes row;
};

static bool take_directory(struct bytes *rest, struct directory *directory)
{
	struct bytes one;

	if (!take_part(rest, &one) || one.length < sizeof directory->head)
		return false;
	memcpy(&directory->head, one.start, sizeof directory->head);
	one.start += sizeof directory->head;
	one.length -= sizeof directory->head;
	if (!take_part(&one, &directory->lengths))
		return false;
	directory->row = one;
	return true;
}

static bool copy(struct join *join, struct bytes *row, size_t length)
{
	if (length > row->length || length > join->room)
		return false;
	memcpy(join->to, row->start, length);
	join->to += length;
	join->room -= length;
	row->start += length;
	row->length -= length;
	return true;
}

static bool join_directory(struct join *join, unsigned depth)
{
	struct directory directory;
	size_t untold = 0; /* bytes of leaves that are not copied yet */

	if (depth > DEEPEST || !take_directory(&join->rest, &directory))
		return false;
	for (size_t at = 0; at + 4 <= directory.lengths.length; at += 4) {
		uint32_t entry;

		memcpy(&entry, directory.lengths.start + at, sizeof entry);
		untold += entry & LENGTH ? 4 + (entry & LENGTH) : 0;
		if (!(entry & ENTERED))
			continue;
		if (!copy(join, &directory.row, untold) || !join_directory(join, depth + 1))
			return false;
		untold = 0;
	}
	return untold == directory.row.length && copy(join, &directory.row, untold);
}

/* The number of directories, and the bytes of all rows. */
static bool leaves_measure(struct bytes rest, size_t *count, size_t *size)
{
	struct directory directory;

	*count = *size = 0;
	for (; rest.length; ++*count) {
		if (!take_directory(&rest, &directory))
			return false;
		*size += directory.row.length;
	}
	return true;
}

static napi_value throw_cut_off(napi_env env)
{
	napi_throw_range_error(env, NULL, "what is remembered of a tree is cut off");
	return NULL;
}

napi_value leaves_join(napi_env env, napi_callback_info info)
{
	napi_value argument, result;
	struct join join;
	size_t count;
	void *row;

	if (!take_arguments(env, info, 1, &argument) || !take_bytes(env, argument, &join.rest))
		return NULL;
	if (!leaves_measure(join.rest, &count, &join.room))
		return throw_cut_off(env);
	if (napi_create_buffer(env, join.room, &row, &result) != napi_ok)
		return NULL;
	join.to = row;
	bool valid = !count || join_directory(&join, 0);
	return valid && !join.rest.length && !join.room ? result : throw_cut_off(env);
}

/* Of one directory; all but the first three are sums over those before it. A last one has the sums of all. */
struct place {
	uint32_t listing; /* where it begins */
	uint32_t leaves;
	uint32_t span; /* directories with all that is below it */
	uint32_t not_whole;
	uint32_t entries;
	uint32_t files;
	uint32_t size[2];
};

struct index {
	struct bytes listings, leaves; /* what is left of both */
	struct bytes start[2]; /* of both, whole */
	struct place *places;
	size_t count;
	struct place sums;
	uint64_t size;
};

static void place_next(struct index *index)
{
	struct place *place = &index->places[index->count];

	*place = index->sums;
	place->listing = (uint32_t)(index->listings.start - index->start[0].start);
	place->leaves = (uint32_t)(index->leaves.start - index->start[1].start);
	memcpy(place->size, &index->size, sizeof index->size);
}

static bool index_directory(struct index *index, unsigned depth)
{
	struct place *place = &index->places[index->count];
	struct directory directory;
	struct bytes listing;

	place_next(index);
	if (depth > DEEPEST || !take_part(&index->listings, &listing) ||
	    !take_directory(&index->leaves, &directory))
		return false;
	index->sums.not_whole += !directory.head.whole;
	index->sums.entries += directory.head.entries;
	index->sums.files += directory.head.files;
	index->size += directory.head.size;
	size_t at = index->count++;
	for (uint32_t i = 0; i < directory.head.directories; i++)
		if (!index_directory(index, depth + 1))
			return false;
	place->span = (uint32_t)(index->count - at);
	return true;
}

napi_value tree_index(napi_env env, napi_callback_info info)
{
	napi_value arguments[2], result;
	struct index index = { 0 };
	size_t count, size;
	void *places;

	if (!take_arguments(env, info, 2, arguments) || !take_bytes(env, arguments[0], &index.listings) ||
	    !take_bytes(env, arguments[1], &index.leaves))
		return NULL;
	if (index.listings.length > UINT32_MAX || index.leaves.length > UINT32_MAX)
		return throw_errno(env, EFBIG);
	if (!leaves_measure(index.leaves, &count, &size))
		return throw_cut_off(env);
	if (napi_create_buffer(env, (count + 1) * sizeof *index.places, &places, &result) != napi_ok)
		return NULL;
	index.places = places;
	index.start[0] = index.listings;
	index.start[1] = index.leaves;
	if (count && !index_directory(&index, 0))
		return throw_cut_off(env);
	place_next(&index);
	return index.listings.length || index.leaves.length ? throw_cut_off(env) : result;
}
