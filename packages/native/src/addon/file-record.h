/* What is known of a file without reading it, in the layout that packages/core/src/snapshot reads. */
#ifndef NONO_FILE_RECORD_H
#define NONO_FILE_RECORD_H

#include <stdint.h>

struct file_record {
	uint64_t device;
	uint64_t inode;
	uint64_t size;
	uint32_t uid, gid;
	int64_t modified; /* nanoseconds since 1970 */
	int64_t changed;
	uint32_t mode; /* with the type */
	uint32_t links;
	uint32_t name_length; /* in a listing, where the name follows; else 0 */
	uint32_t flags; /* enum record_flag */
};

enum record_flag {
	RECORD_ATTRIBUTED = 1, /* only of a file that was read: it may have extended attributes, of whatever namespace */
	RECORD_HOLES = 2, /* fewer blocks than bytes */
	RECORD_UNTIMED = 4, /* only of a descriptor: its content may change, and its times do not */
};

/* Of `name` in `directory` itself, not of what a link leads to; of the descriptor when it is "". */
int file_record_fill(int directory, const char *name, struct file_record *record);

#endif
