/*
 * Bytes of a table to a tree. The bytes come from our own process, and are checked all the same:
 * what is decoded here stands between a confined process and everything else.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../plan/cursor.h"
#include "../plan/folding.h"
#include "listing.h"
#include "node.h"

/*
 * An element has as many bytes as a string at least: what a count can promise at most before
 * anything is allocated for it.
 */
static uint32_t take_promise(struct cursor *in, uint32_t max)
{
	size_t offset = in->offset;
	uint32_t count = read_count(in, max);

	if (count > in->length / STRING_SIZE)
		wrong(in, offset, EBADMSG);
	return in->error ? 0 : count;
}

static struct identity identity_of(const char *path, uint64_t *size)
{
	struct stat stat;

	if (lstat(path, &stat)) {
		*size = 0;
		return (struct identity){ 0, 0 };
	}
	*size = S_ISREG(stat.st_mode) ? (uint64_t)stat.st_size : 0;
	return (struct identity){ stat.st_dev, stat.st_ino };
}

static void take_rule(struct cursor *in, struct table *table)
{
	uint64_t native = read_u64(in), behalf = read_u64(in), denied = read_u64(in), size;
	uint32_t flags = read_flags(in, TABLE_RULE_VERIFY);
	size_t offset = in->offset;
	const char *path = read_absolute(in).bytes;

	if (in->error)
		return;
	struct node *node = node_make(table, path);
	if (!node) {
		wrong(in, offset, ENOMEM);
		return;
	}
	node->native |= native;
	node->behalf |= behalf;
	node->denied |= denied;
	if (flags & TABLE_RULE_VERIFY || denied)
		node->identity = identity_of(path, &size);
	node->verify |= (flags & TABLE_RULE_VERIFY) != 0;
}

static bool is_left_out(const struct split_directory *split, const char *name, bool folds)
{
	for (uint32_t i = 0; i < split->count; i++) {
		const char *left_out = split->left_out[i];

		if (!strcmp(left_out, name) || (folds && names_alike(left_out, strlen(left_out), name, strlen(name))))
			return true;
	}
	return false;
}

static bool add_entry(struct table *table, const char *path, const struct listed *entry, uint64_t rights)
{
	struct node *node = node_make(table, path);

	if (!node)
		return false;
	node->native |= rights;
	node->identity = entry->identity;
	node->verify = true;
	return true;
}

static bool add_entries(struct table *table, const struct split_directory *split)
{
	struct listing *listing = listing_make(split->directory);

	if (!listing)
		return false;
	table->listings[table->listing_count++] = listing;
	for (size_t i = 0; i < listing->count; i++) {
		const struct listed *entry = &listing->entries[i];
		const char *path = listing->texts + entry->path;
		uint64_t rights = split->rights[entry->directory];

		if (rights && !is_left_out(split, strrchr(path, '/') + 1, listing->folds) && !add_entry(table, path, entry, rights))
			return false;
	}
	return true;
}

static void take_split(struct cursor *in, struct table *table)
{
	struct split_directory *split = &table->splits[table->split_count++];

	split->rights[0] = read_u64(in);
	split->rights[1] = read_u64(in);
	split->directory = read_absolute(in).bytes;
	split->count = take_promise(in, TABLE_NAMES_MAX);
	split->left_out = in->error ? NULL : calloc(split->count + 1, sizeof *split->left_out);
	if (!split->left_out)
		wrong(in, in->offset, ENOMEM);
	for (uint32_t i = 0; i < split->count && !in->error; i++)
		split->left_out[i] = read_text(in).bytes;
}

static void take_pattern(struct cursor *in, struct table *table)
{
	uint64_t rights = read_u64(in);
	const char *directory = read_absolute(in).bytes;
	size_t offset = in->offset;
	const char *name = read_text(in).bytes;

	if (!name[0] || strchr(name, '/'))
		wrong(in, offset, EBADMSG);
	if (in->error)
		return;
	struct node *node = node_make(table, directory);
	if (!node) {
		wrong(in, offset, ENOMEM);
		return;
	}
	table->patterns[table->pattern_count++] =
		(struct pattern){ .node = (uint32_t)(node - table->nodes), .rights = rights, .name = name };
	node->has_patterns = true;
}

static void take_executable(struct cursor *in, struct table *table)
{
	struct executable *executable = &table->executables[table->executable_count++];

	executable->flags = read_flags(in, TABLE_LOADER);
	executable->path = read_absolute(in).bytes;
	if (!in->error)
		executable->identity = identity_of(executable->path, &executable->size);
}

static void take_header(struct cursor *in, struct table *table)
{
	read_start(in, "NONOSUPV", TABLE_VERSION);
	table->flags = read_flags(in, TABLE_INTERNET | TABLE_ABSTRACT | TABLE_NOTES | TABLE_HELD);
	table->parked = read_u32(in);
	table->deadline = read_u32(in);
}

static void take_table(struct cursor *in, struct table *table)
{
	struct table *base = table->base;

	take_header(in, table);
	uint32_t rules = take_promise(in, TABLE_RULES_MAX);
	uint32_t splits = take_promise(in, base ? 0 : TABLE_SPLITS_MAX);
	uint32_t patterns = take_promise(in, TABLE_PATTERNS_MAX);
	uint32_t executables = take_promise(in, base ? 0 : TABLE_EXECUTABLES_MAX);

	table->patterns = calloc((base ? base->pattern_count : 0) + patterns + 1, sizeof *table->patterns);
	table->splits = calloc(splits + 1, sizeof *table->splits);
	table->listings = calloc(splits + 1, sizeof *table->listings);
	table->executables = base ? base->executables : calloc(executables + 1, sizeof *table->executables);
	if (!table->patterns || !table->splits || !table->listings || !table->executables ||
	    !(base ? nodes_copy(table, base) : nodes_prepare(table)))
		wrong(in, in->offset, ENOMEM);
	if (base && !in->error) {
		memcpy(table->patterns, base->patterns, base->pattern_count * sizeof *table->patterns);
		table->pattern_count = base->pattern_count;
		table->executable_count = base->executable_count;
	}
	for (uint32_t i = 0; i < rules && !in->error; i++)
		take_rule(in, table);
	for (uint32_t i = 0; i < splits && !in->error; i++)
		take_split(in, table);
	for (uint32_t i = 0; i < patterns && !in->error; i++)
		take_pattern(in, table);
	for (uint32_t i = 0; i < executables && !in->error; i++)
		take_executable(in, table);
	if (in->offset != in->length)
		wrong(in, in->offset, EBADMSG);
}

static int decode(struct table *base, const uint8_t *bytes, size_t length, struct table **result, size_t *offset)
{
	struct table *table = calloc(1, sizeof *table);
	struct cursor in = { .length = length };

	*offset = 0;
	if (!table)
		return ENOMEM;
	table->references = 1;
	table->base = base ? table_hold(base) : NULL;
	if (length > TABLE_LENGTH_MAX)
		in.error = E2BIG;
	else if (!(table->bytes = malloc(length + 1)))
		in.error = ENOMEM;
	if (!in.error) {
		in.bytes = memcpy(table->bytes, bytes, length);
		take_table(&in, table);
	}
	if (in.error) {
		*offset = in.error_offset;
		table_release(table);
		return in.error;
	}
	if (base)
		nodes_finish(table);
	*result = table;
	return 0;
}

int table_decode(const uint8_t *bytes, size_t length, struct table **table, size_t *offset)
{
	return decode(NULL, bytes, length, table, offset);
}

int table_complete(struct table *table)
{
	if (table->complete)
		return 0;
	for (uint32_t i = table->listing_count; i < table->split_count; i++)
		if (!add_entries(table, &table->splits[i]))
			return ENOMEM;
	nodes_finish(table);
	return 0;
}

int table_extend(struct table *base, const uint8_t *bytes, size_t length, struct table **table, size_t *offset)
{
	return decode(base, bytes, length, table, offset);
}
