/*
 * The table of supervise.h as a tree of path components, for looking paths up. Read-only once made:
 * threads share it.
 */
#ifndef NONO_SUPERVISE_TABLE_H
#define NONO_SUPERVISE_TABLE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../../include/supervise.h"

/* include/uapi/linux/landlock.h */
#define ACCESS_EXECUTE (1ull << 0)
#define ACCESS_WRITE_FILE (1ull << 1)
#define ACCESS_READ_FILE (1ull << 2)
#define ACCESS_READ_DIR (1ull << 3)
#define ACCESS_REMOVE_DIR (1ull << 4)
#define ACCESS_REMOVE_FILE (1ull << 5)
#define ACCESS_MAKE_CHAR (1ull << 6)
#define ACCESS_MAKE_DIR (1ull << 7)
#define ACCESS_MAKE_REG (1ull << 8)
#define ACCESS_MAKE_SOCK (1ull << 9)
#define ACCESS_MAKE_FIFO (1ull << 10)
#define ACCESS_MAKE_BLOCK (1ull << 11)
#define ACCESS_MAKE_SYM (1ull << 12)
#define ACCESS_REFER (1ull << 13)
#define ACCESS_TRUNCATE (1ull << 14)
#define ACCESS_RESOLVE_UNIX (1ull << 16)

/*
 * What an entry of a directory is made, removed and moved by: rights on the directory, never on the
 * entry itself.
 */
#define ACCESS_ENTRY (ACCESS_REMOVE_DIR | ACCESS_REMOVE_FILE | ACCESS_MAKE_CHAR | ACCESS_MAKE_DIR | ACCESS_MAKE_REG | \
		      ACCESS_MAKE_SOCK | ACCESS_MAKE_FIFO | ACCESS_MAKE_BLOCK | ACCESS_MAKE_SYM | ACCESS_REFER)

/* An object, while the file system or a reference of ours keeps its inode from being used anew. */
struct identity {
	dev_t device;
	ino_t inode;
};

struct executable {
	const char *path;
	uint32_t flags;
	uint64_t size; /* 0: there is nothing to compare with */
	struct identity identity;
};

struct node;
struct pattern;
struct listing;
struct split_directory;

/*
 * judges_places: the kernel lets entries be moved to where we give more than its own rules do. Then it must never be
 * the one to move them: what it makes of the arguments is not what was judged.
 */
struct table {
	atomic_uint references;
	uint32_t flags;
	uint32_t parked;
	uint32_t deadline; /* milliseconds; 0: none */
	uint32_t executable_count;
	struct executable *executables;

	struct node *nodes; /* the first is the root */
	uint32_t node_count;
	uint32_t *buckets; /* of node numbers, 0: free; open addressing */
	uint32_t bucket_mask;
	struct pattern *patterns; /* those of one directory are neighbours */
	uint32_t pattern_count;
	struct split_directory *splits; /* directories that are still to be listed */
	uint32_t split_count;
	bool complete;
	bool judges_places;
	bool folds; /* some denial lies where names that differ may mean the same */
	struct listing **listings; /* names point into them, too */
	uint32_t listing_count;
	uint8_t *bytes; /* what all other names point into */
	struct table *base; /* what this one extends: its names, and its executables, are used */
};

/* What is granted on a path. */
struct coverage {
	uint64_t native; /* by rules of the kernel */
	uint64_t behalf; /* by us */
	bool holds_denial; /* something on or below the path is denied */
	uint64_t named; /* of behalf, what only the name gives: nothing that lies below has it */
	uint64_t below; /* what something below the path may have on behalf */
	bool verified; /* some of `native` is only right as long as an object stays in its place */
};

/*
 * Copies the bytes. 0, or an errno: EBADMSG, E2BIG, EPROTONOSUPPORT, ENOMEM, and *offset is where.
 * Before the table is asked for anything it has to be completed.
 */
int table_decode(const uint8_t *bytes, size_t length, struct table **table, size_t *offset);

/*
 * Lists the directories of the splits, which takes longer than all else: 0, or ENOMEM. A second time
 * it does nothing.
 */
int table_complete(struct table *table);

/*
 * A complete table with further rules and patterns: all else, also what was there at the start, is that of
 * `base`. `bytes` have neither splits nor executables.
 */
int table_extend(struct table *base, const uint8_t *bytes, size_t length, struct table **table, size_t *offset);

/* One more holder; table_decode gives the first. */
struct table *table_hold(struct table *table);
void table_release(struct table *table);

/*
 * `path`: absolute, without `.`, `..`, links and double slashes, as the kernel gives it. Of
 * ACCESS_ENTRY a rule on the path itself counts nothing. Of `native` only the rights in `wanted`
 * are certain.
 */
struct coverage table_cover(const struct table *table, const char *path, uint64_t wanted);

#endif
