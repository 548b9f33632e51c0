#include "table.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../../include/kernel.h"
#include "listing.h"
#include "node.h"
#include "spelling.h"

#define FIRST_BUCKETS 256u

static uint32_t hash(uint32_t parent, const char *name, size_t length)
{
	uint32_t value = 2166136261u ^ parent; /* FNV-1a */

	for (size_t i = 0; i < length; i++)
		value = (value ^ (uint8_t)name[i]) * 16777619u;
	return value ^ value >> 15;
}

/* The bucket of that child: its own, or the free one where it would go. */
static uint32_t *bucket_of(const struct table *table, uint32_t parent, const char *name, size_t length)
{
	for (uint32_t at = hash(parent, name, length);; at++) {
		uint32_t *bucket = &table->buckets[at & table->bucket_mask];
		const struct node *node = &table->nodes[*bucket];

		if (!*bucket ||
		    (node->parent == parent && node->length == length && !memcmp(node->name, name, length)))
			return bucket;
	}
}

/* Room for one more node; buckets stay at most half full. */
static bool grow(struct table *table)
{
	uint32_t room = table->bucket_mask + 1;

	if (table->node_count < room / 2)
		return true;
	struct node *nodes = realloc(table->nodes, room * sizeof *nodes);
	if (nodes)
		table->nodes = nodes;
	uint32_t *buckets = calloc(2 * (size_t)room, sizeof *buckets);
	if (!nodes || !buckets) {
		free(buckets);
		return false;
	}
	free(table->buckets);
	table->buckets = buckets;
	table->bucket_mask = 2 * room - 1;
	for (uint32_t i = 1; i < table->node_count; i++)
		*bucket_of(table, nodes[i].parent, nodes[i].name, nodes[i].length) = i;
	return true;
}

bool nodes_prepare(struct table *table)
{
	table->nodes = calloc(FIRST_BUCKETS / 2, sizeof *table->nodes);
	table->buckets = calloc(FIRST_BUCKETS, sizeof *table->buckets);
	table->bucket_mask = FIRST_BUCKETS - 1;
	if (!table->nodes || !table->buckets)
		return false;
	table->nodes[0].path = "/";
	table->node_count = 1;
	return true;
}

bool nodes_copy(struct table *table, const struct table *from)
{
	uint32_t room = from->bucket_mask + 1;

	table->nodes = malloc((room / 2 < FIRST_BUCKETS / 2 ? FIRST_BUCKETS / 2 : room / 2) * sizeof *table->nodes);
	table->buckets = malloc(room * sizeof *table->buckets);
	if (!table->nodes || !table->buckets)
		return false;
	memcpy(table->nodes, from->nodes, from->node_count * sizeof *table->nodes);
	memcpy(table->buckets, from->buckets, room * sizeof *table->buckets);
	table->node_count = from->node_count;
	table->bucket_mask = from->bucket_mask;
	return true;
}

/* The next component: its start, and *length, 0 at the end. */
static const char *component(const char *path, size_t *length)
{
	path += strspn(path, "/");
	*length = strcspn(path, "/");
	return path;
}

struct node *node_make(struct table *table, const char *path)
{
	uint32_t at = 0;
	size_t length;

	for (const char *name = component(path, &length); length; name = component(name + length, &length)) {
		if (!grow(table))
			return NULL;
		uint32_t *bucket = bucket_of(table, at, name, length);
		if (!*bucket) {
			table->nodes[table->node_count] =
				(struct node){ .parent = at, .length = (uint32_t)length, .name = name };
			*bucket = table->node_count++;
		}
		at = *bucket;
	}
	table->nodes[at].path = path;
	return &table->nodes[at];
}

static int by_node(const void *a, const void *b)
{
	const struct pattern *one = a, *other = b;

	return one->node < other->node ? -1 : one->node > other->node;
}

/* What an object can have by the place alone that it lies at. */
#define PLACED (ACCESS_READ_FILE | ACCESS_WRITE_FILE | ACCESS_RESOLVE_UNIX)

/* Whether entries can be moved to where they have `rights` on behalf, and not by the kernel's rules. */
static bool gives_by_place(const struct node *node, uint64_t rights)
{
	return node->all_native & ACCESS_ENTRY && rights & PLACED & ~node->all_native;
}

static void finish_patterns(struct table *table)
{
	qsort(table->patterns, table->pattern_count, sizeof *table->patterns, by_node);
	for (uint32_t i = 0; i < table->pattern_count; i++) {
		struct node *node = &table->nodes[table->patterns[i].node];

		node->below |= table->patterns[i].rights;
		table->judges_places |= gives_by_place(node, table->patterns[i].rights);
	}
}

/* A parent's number is always below its children's. */
void nodes_finish(struct table *table)
{
	for (uint32_t i = 0; i < table->node_count; i++) {
		struct node *node = &table->nodes[i];
		const struct node above = i ? table->nodes[node->parent] : (struct node){ 0 };

		node->all_native = above.all_native | node->native;
		node->all_behalf = (above.all_behalf & ~node->denied) | node->behalf;
		table->judges_places |= gives_by_place(node, node->all_behalf);
	}
	finish_patterns(table);
	for (uint32_t i = table->node_count; i-- > 0;) {
		struct node *node = &table->nodes[i], *above = &table->nodes[node->parent];

		node->holds_denial |= node->denied != 0;
		above->holds_denial |= node->holds_denial;
		if (i)
			above->below |= node->behalf | node->below;
	}
	spelling_prepare(table);
	table->complete = true;
}

struct table *table_hold(struct table *table)
{
	table->references++;
	return table;
}

void table_release(struct table *table)
{
	if (!table || --table->references)
		return;
	for (uint32_t i = 0; i < table->split_count; i++)
		free(table->splits[i].left_out);
	free(table->splits);
	for (uint32_t i = 0; i < table->listing_count; i++)
		listing_free(table->listings[i]);
	free(table->listings);
	free(table->nodes);
	free(table->buckets);
	free(table->patterns);
	if (table->base)
		table_release(table->base);
	else
		free(table->executables);
	free(table->bytes);
	free(table);
}

/*
 * Whether one character of a name fits the pattern, which may have it behind a backslash; *width is
 * what to go on by.
 */
static bool fits(const char *pattern, char character, size_t *width)
{
	bool literal = pattern[0] == '\\' && pattern[1];

	*width = literal ? 2 : 1;
	return literal ? pattern[1] == character : pattern[0] == '?' || pattern[0] == character;
}

static bool matches(const char *pattern, const char *name, size_t length)
{
	size_t at = 0, retry = 0, width;
	const char *star = NULL;

	for (;;) {
		if (*pattern == '*') {
			star = ++pattern;
			retry = at;
		} else if (at < length && *pattern && fits(pattern, name[at], &width)) {
			pattern += width;
			at++;
		} else if (at == length && !*pattern) {
			return true;
		} else if (star && retry < length) {
			pattern = star;
			at = ++retry;
		} else {
			return false;
		}
	}
}

static uint64_t rights_of_name(const struct table *table, uint32_t node, const char *name, size_t length)
{
	uint64_t rights = 0;

	for (uint32_t i = 0; i < table->pattern_count; i++)
		if (table->patterns[i].node == node && matches(table->patterns[i].name, name, length))
			rights |= table->patterns[i].rights;
	return rights;
}

/* Whether what the kernel's rule was made on is still there. */
static bool in_place(const struct node *node)
{
	struct stat stat;

	return !lstat(node->path, &stat) && stat.st_ino == node->identity.inode &&
	       stat.st_dev == node->identity.device;
}

/* Looking costs, so it is only done for rights that matter and are not there yet. */
static void add(struct coverage *coverage, const struct node *node, uint64_t wanted, uint64_t counted)
{
	uint64_t native = node->native & wanted & counted & ~coverage->native;

	if (native && (!node->verify || in_place(node))) {
		coverage->native |= native;
		coverage->verified |= node->verify;
	}
	coverage->behalf = (coverage->behalf & ~node->denied) | (node->behalf & counted);
}

struct coverage table_cover(const struct table *table, const char *path, uint64_t wanted)
{
	struct coverage coverage = { 0 };
	uint32_t at = 0;
	size_t length, next_length;
	const char *name = component(path, &length), *next;

	add(&coverage, &table->nodes[0], wanted, length ? ~0ull : ~ACCESS_ENTRY);
	for (; length; name = next, length = next_length) {
		uint32_t child = *bucket_of(table, at, name, length);
		uint64_t by_name = 0;

		next = component(name + length, &next_length);
		if (!next_length && table->nodes[at].has_patterns)
			by_name = rights_of_name(table, at, name, length);
		if (child)
			add(&coverage, &table->nodes[child], wanted, next_length ? ~0ull : ~ACCESS_ENTRY);
		by_name &= ~(child ? table->nodes[child].denied : 0);
		coverage.named = by_name & ~coverage.behalf;
		coverage.behalf |= by_name;
		if (!child)
			return coverage;
		at = child;
	}
	coverage.holds_denial = table->nodes[at].holds_denial;
	coverage.below = table->nodes[at].below;
	return coverage;
}
