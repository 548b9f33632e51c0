/*
 * The Merkle tree of RFC 6962, section 2.1, over leaves that lie one behind the other: what
 * packages/core/src/hash/merkle.ts does, for the ten thousands of leaves of a snapshot. And where the row of
 * leaves is cut into chunks.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "job.h"
#include "sha256.h"

/* Bytes after which a chunk ends at the latest, and the share of leaves that end one. */
#define CHUNK_BYTES (256u << 10)
#define CHUNK_LEAVES 16

#define LEAF 0
#define NODE 1

/* The length before each leaf, in the byte order of all machines that nono runs on. */
static uint32_t length_at(const uint8_t *at)
{
	uint32_t length;

	memcpy(&length, at, sizeof length);
	return length;
}

/* The number of leaves, and the longest; false for bytes that are no row of leaves. */
static bool leaves_count(const struct bytes *leaves, size_t *count, size_t *longest)
{
	*count = *longest = 0;
	for (size_t at = 0; at < leaves->length; ++*count) {
		size_t left = leaves->length - at;

		if (left < 4 || length_at(leaves->start + at) > left - 4)
			return false;
		size_t length = length_at(leaves->start + at);
		*longest = length > *longest ? length : *longest;
		at += 4 + length;
	}
	return true;
}

/* False without memory. */
static bool leaves_hash_each(const struct bytes *leaves, size_t count, size_t longest, uint8_t *hashes)
{
	uint8_t *prefixed = malloc(1 + longest);

	if (!prefixed)
		return false;
	prefixed[0] = LEAF;
	const uint8_t *leaf = leaves->start;
	for (size_t i = 0; i < count; i++) {
		size_t length = length_at(leaf);

		memcpy(prefixed + 1, leaf + 4, length);
		sha256(prefixed, 1 + length, hashes + i * SHA256_SIZE);
		leaf += 4 + length;
	}
	free(prefixed);
	return true;
}

static napi_value throw_cut_off(napi_env env)
{
	napi_throw_range_error(env, NULL, "a row of leaves is cut off");
	return NULL;
}

napi_value leaves_hash(napi_env env, napi_callback_info info)
{
	napi_value argument, result;
	struct bytes leaves;
	size_t count, longest;
	void *hashes;

	if (!take_arguments(env, info, 1, &argument) || !take_bytes(env, argument, &leaves))
		return NULL;
	if (!leaves_count(&leaves, &count, &longest))
		return throw_cut_off(env);
	napi_create_buffer(env, count * SHA256_SIZE, &hashes, &result);
	if (!leaves_hash_each(&leaves, count, longest, hashes))
		return throw_errno(env, ENOMEM);
	return result;
}

/* Level by level in place; an odd last node is carried up unchanged. */
static void root_of(uint8_t *level, size_t count)
{
	uint8_t node[1 + 2 * SHA256_SIZE] = { NODE };

	for (; count > 1; count = (count + 1) / 2) {
		for (size_t i = 0; i < count / 2; i++) {
			memcpy(node + 1, level + 2 * i * SHA256_SIZE, 2 * SHA256_SIZE);
			sha256(node, sizeof node, level + i * SHA256_SIZE);
		}
		if (count % 2)
			memcpy(level + count / 2 * SHA256_SIZE, level + (count - 1) * SHA256_SIZE, SHA256_SIZE);
	}
}

napi_value merkle_root(napi_env env, napi_callback_info info)
{
	napi_value argument, result;
	struct bytes hashes;
	uint8_t none[SHA256_SIZE];

	if (!take_arguments(env, info, 1, &argument) || !take_bytes(env, argument, &hashes))
		return NULL;
	if (!hashes.length) {
		sha256(none, 0, none);
		napi_create_buffer_copy(env, SHA256_SIZE, none, NULL, &result);
		return result;
	}
	if (hashes.length % SHA256_SIZE) {
		napi_throw_range_error(env, NULL, "not a row of hashes");
		return NULL;
	}
	uint8_t *level = malloc(hashes.length);
	if (!level)
		return throw_errno(env, ENOMEM);
	memcpy(level, hashes.start, hashes.length);
	root_of(level, hashes.length / SHA256_SIZE);
	napi_create_buffer_copy(env, SHA256_SIZE, level, NULL, &result);
	free(level);
	return result;
}

/* Of one chunk. */
struct chunk {
	uint32_t end; /* in the row */
	uint8_t digest[SHA256_SIZE];
};

/*
 * Cuts the row into chunks, of which there is room for one behind each leaf. Where one ends depends on the leaf before,
 * not on where it stands, so that nearly the same trees share nearly all of them.
 */
static size_t row_cut(const struct bytes *row, const uint8_t *hashes, struct chunk *chunks)
{
	size_t count = 0, start = 0;

	for (size_t at = 0; at < row->length; hashes += SHA256_SIZE) {
		at += 4 + length_at(row->start + at);
		bool is_end = (hashes[0] | hashes[1] << 8) % CHUNK_LEAVES == 0 || at - start >= CHUNK_BYTES;
		if (!is_end && at < row->length)
			continue;
		chunks[count].end = (uint32_t)at;
		sha256(row->start + start, at - start, chunks[count++].digest);
		start = at;
	}
	return count;
}

/* The root of the tree, and the chunks. */
static void row_digest_job(struct job *job)
{
	struct bytes row = { .start = job->room, .length = job->room_size };
	size_t count, longest;

	if (row.length > UINT32_MAX || !leaves_count(&row, &count, &longest)) {
		job->error = EINVAL;
		return;
	}
	uint8_t *hashes = malloc(count * SHA256_SIZE + 1);
	job->result = malloc(SHA256_SIZE + count * sizeof(struct chunk));
	if (hashes && job->result && leaves_hash_each(&row, count, longest, hashes)) {
		struct chunk *chunks = (struct chunk *)(job->result + SHA256_SIZE);

		job->length = SHA256_SIZE + row_cut(&row, hashes, chunks) * sizeof *chunks;
		root_of(hashes, count);
		if (count)
			memcpy(job->result, hashes, SHA256_SIZE);
		else
			sha256(hashes, 0, job->result);
	} else
		job->error = ENOMEM;
	free(hashes);
}

napi_value row_digest(napi_env env, napi_callback_info info)
{
	napi_value argument;
	struct job job = { .run = row_digest_job };

	if (!take_arguments(env, info, 1, &argument))
		return NULL;
	return job_start(env, &job, NULL, argument);
}
