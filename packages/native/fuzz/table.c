/*
 * libFuzzer target: any bytes at all, as the table of a supervisor, and then once more as further
 * grants to it. A table that is taken is asked for paths of its own and of others.
 */
#include "../src/supervise/table.h"

#include <stdlib.h>
#include <string.h>

#include "../src/supervise/listing.h"
#include "../src/supervise/node.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In place of src/supervise/listing.c: nothing of the machine's own directories. */
struct listing *listing_make(const char *directory)
{
	struct listing *listing = calloc(1, sizeof *listing);
	size_t length = strlen(directory);

	listing->entries = calloc(2, sizeof *listing->entries);
	listing->texts = malloc(2 * (length + 8));
	memcpy(listing->texts, directory, length);
	memcpy(listing->texts + length, "/file", 6);
	memcpy(listing->texts + length + 8, directory, length);
	memcpy(listing->texts + length + 8 + length, "/dir", 5);
	listing->count = 2;
	listing->entries[1].path = length + 8;
	listing->entries[1].directory = true;
	return listing;
}

void listing_free(struct listing *listing)
{
	free(listing->entries);
	free(listing->texts);
	free(listing);
}

static void ask(const struct table *table)
{
	static const char *const paths[] = { "/", "/usr", "/usr/bin/env", "/home/u/.app.json.tmp.1", "/etc/ssl/file" };
	volatile uint64_t sum = 0;

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		sum += table_cover(table, paths[i], ~0ull).behalf;
	for (uint32_t i = 0; i < table->node_count && i < 64; i++)
		if (table->nodes[i].path)
			sum += table_cover(table, table->nodes[i].path, ~0ull).native;
	(void)sum;
}

static void decode(const uint8_t *bytes, size_t size)
{
	struct table *table, *extended;
	size_t offset;

	if (table_decode(bytes, size, &table, &offset)) {
		if (offset > size)
			abort();
		return;
	}
	if (table_complete(table))
		abort();
	ask(table);
	if (!table_extend(table, bytes, size, &extended, &offset)) {
		ask(extended);
		table_release(extended);
	}
	table_release(table);
}

/*
 * In a block of exactly its size; and once more with the length that it has, which a fuzzer would
 * rarely hit.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *bytes = malloc(size + !size);

	if (size)
		memcpy(bytes, data, size);
	decode(bytes, size);
	for (size_t i = 12; size >= 16 && i < 16; i++)
		bytes[i] = (uint8_t)(size >> (8 * (i - 12)));
	decode(bytes, size);
	free(bytes);
	return 0;
}
