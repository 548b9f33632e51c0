/* One small file, read as a whole. */
#ifndef NONO_FILE_READ_H
#define NONO_FILE_READ_H

#include <stddef.h>
#include <stdint.h>

#include "file-record.h"

/* Why a file was not read; what is below READ_FAILED is -errno under it. */
#define READ_NOT_A_FILE (-1)
#define READ_TOO_LARGE (-2)
#define READ_CHANGED (-3)
#define READ_WITH_HOLES (-4)
#define READ_FAILED (-100)

/*
 * Opens `name` in `directory` without following a link or waiting for a fifo, and reads it into
 * `room`, which is larger: its length, or why not. `record` is what it was when it was opened; with
 * READ_CHANGED it was another at the end.
 */
int64_t file_read_whole(int directory, const char *name, uint8_t *room, size_t size,
			struct file_record *record);

#endif
