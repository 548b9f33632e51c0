#include "notes.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "request.h"
#include "worker.h"

#define PAGE 4096u
#define ROOM (32u << 20) /* bytes that wait to be taken */
#define NOTE_MAX (8u << 20) /* arguments have 6 MiB at most (execve(2)) */
#define POINTERS 64u
#define PIECE 128u /* most arguments are shorter */

#define RECENT 64u
#define RECENT_LIFETIME 1000000000ull /* a second, in nanoseconds */

struct reached {
	uint64_t sum, until;
};

struct notes {
	pthread_mutex_t mutex;
	pthread_cond_t room;
	bool stopped;
	uint8_t *bytes;
	size_t length, capacity;
	uint32_t lost; /* without memory for them */
	struct reached recent[RECENT];
};

/* One note while it is made. */
struct note {
	uint8_t *bytes;
	size_t length, capacity;
	bool failed; /* no memory */
	bool cut;
	bool unreadable;
};

struct notes *notes_new(void)
{
	struct notes *notes = calloc(1, sizeof *notes);

	if (!notes)
		return NULL;
	pthread_mutex_init(&notes->mutex, NULL);
	pthread_cond_init(&notes->room, NULL);
	return notes;
}

void notes_free(struct notes *notes)
{
	if (!notes)
		return;
	pthread_mutex_destroy(&notes->mutex);
	pthread_cond_destroy(&notes->room);
	free(notes->bytes);
	free(notes);
}

void notes_stop(struct notes *notes)
{
	pthread_mutex_lock(&notes->mutex);
	notes->stopped = true;
	pthread_cond_broadcast(&notes->room);
	pthread_mutex_unlock(&notes->mutex);
}

static bool grow(uint8_t **bytes, size_t *capacity, size_t needed)
{
	size_t room = *capacity ? *capacity : 512;

	if (needed <= *capacity)
		return true;
	while (room < needed)
		room *= 2;
	uint8_t *larger = realloc(*bytes, room);
	if (!larger)
		return false;
	*bytes = larger;
	*capacity = room;
	return true;
}

static void put(struct note *note, const void *bytes, size_t size)
{
	if (note->failed || !grow(&note->bytes, &note->capacity, note->length + size)) {
		note->failed = true;
		return;
	}
	memcpy(note->bytes + note->length, bytes, size);
	note->length += size;
}

static void put_u32(struct note *note, uint32_t number)
{
	uint8_t bytes[4] = { (uint8_t)number, (uint8_t)(number >> 8), (uint8_t)(number >> 16), (uint8_t)(number >> 24) };

	put(note, bytes, sizeof bytes);
}

static void patch_u32(struct note *note, size_t offset, uint32_t number)
{
	struct note end = { .bytes = note->bytes + offset, .capacity = 4 };

	if (!note->failed)
		put_u32(&end, number);
}

static void put_bytes(struct note *note, const void *bytes, size_t size)
{
	put_u32(note, bytes ? (uint32_t)size : NOTE_NONE);
	if (bytes)
		put(note, bytes, size);
}

static void put_text(struct note *note, const char *text)
{
	put_bytes(note, text, text ? strlen(text) : 0);
}

static void put_working_directory(struct note *note, pid_t thread)
{
	char link[40], path[PATH_MAX];

	snprintf(link, sizeof link, "/proc/%d/cwd", (int)thread);
	ssize_t length = readlink(link, path, sizeof path);
	put_bytes(note, length < 0 ? NULL : path, length < 0 ? 0 : (size_t)length);
}

/* A text of any length, page by page, since the next one may not be there. */
static void put_long_argument(struct note *note, pid_t thread, uint64_t address)
{
	size_t start = note->length;
	char page[PAGE];

	put_u32(note, 0);
	while (!note->failed && !note->cut) {
		size_t size = PAGE - address % PAGE;
		const char *end = NULL;

		note->unreadable = note->length + size <= NOTE_MAX && caller_copy(thread, address, page, size);
		note->cut = note->unreadable || note->length + size > NOTE_MAX;
		if (note->cut)
			break;
		end = memchr(page, 0, size);
		put(note, page, end ? (size_t)(end - page) : size);
		if (end)
			break;
		address += size;
	}
	patch_u32(note, start, (uint32_t)(note->length - start - 4));
}

/* Of `count` texts the first bytes of each, with one call. Those from the result on could not be read. */
static unsigned int copy_pieces(pid_t thread, const uint64_t *addresses, unsigned int count,
				char (*pieces)[PIECE], size_t *sizes)
{
	struct iovec local[POINTERS] = { 0 }, remote[POINTERS] = { 0 };

	for (unsigned int i = 0; i < count; i++) {
		size_t left = PAGE - addresses[i] % PAGE;

		sizes[i] = left < PIECE ? left : PIECE;
		local[i] = (struct iovec){ pieces[i], sizes[i] };
		remote[i] = (struct iovec){ (void *)(uintptr_t)addresses[i], sizes[i] };
	}
	ssize_t copied = process_vm_readv(thread, local, count, remote, count, 0);
	unsigned int whole = 0;
	while (whole < count && copied >= (ssize_t)sizes[whole])
		copied -= (ssize_t)sizes[whole++];
	return whole;
}

static void put_some_arguments(struct note *note, pid_t thread, const uint64_t *addresses, unsigned int count)
{
	char pieces[POINTERS][PIECE];
	size_t sizes[POINTERS];
	unsigned int whole = copy_pieces(thread, addresses, count, pieces, sizes);

	for (unsigned int i = 0; i < count; i++) {
		const char *end = i < whole ? memchr(pieces[i], 0, sizes[i]) : NULL;

		if (end)
			put_bytes(note, pieces[i], (size_t)(end - pieces[i]));
		else
			put_long_argument(note, thread, addresses[i]);
	}
}

/* Up to the end of the list; what is left of a list that cannot be read counts as cut. */
static void put_arguments(struct note *note, pid_t thread, uint64_t list)
{
	size_t start = note->length;
	uint32_t count = 0;
	bool more = list;

	put_u32(note, 0);
	while (more && !note->cut && !note->failed) {
		uint64_t addresses[POINTERS];
		unsigned int room = (unsigned int)(PAGE - list % PAGE) / sizeof *addresses, found = 0;

		if (!room)
			room = 1;
		if (room > POINTERS)
			room = POINTERS;
		if (caller_copy(thread, list, addresses, room * sizeof *addresses)) {
			note->cut = note->unreadable = true;
			break;
		}
		while (found < room && addresses[found])
			found++;
		put_some_arguments(note, thread, addresses, found);
		count += found;
		more = found == room;
		list += room * sizeof *addresses;
	}
	patch_u32(note, start, count);
}

static void put_header(struct note *note, enum note_kind kind, struct request *request)
{
	if (!request->caller.process)
		caller_look(&request->caller);
	put_u32(note, 0);
	put_u32(note, kind);
	put_u32(note, (uint32_t)request->caller.thread);
	put_u32(note, (uint32_t)request->caller.process);
	put_u32(note, (uint32_t)request->caller.parent);
	put_u32(note, 0);
}

/* Takes the note's bytes over. The mutex is held. */
static bool keep(struct notes *notes, struct note *note, bool wait)
{
	while (wait && !notes->stopped && notes->length > ROOM)
		pthread_cond_wait(&notes->room, &notes->mutex);
	bool first = !notes->length;
	if (note->failed || !grow(&notes->bytes, &notes->capacity, notes->length + note->length)) {
		notes->lost++;
		first = false;
	} else {
		memcpy(notes->bytes + notes->length, note->bytes, note->length);
		notes->length += note->length;
	}
	return first;
}

static bool finish(struct notes *notes, struct note *note, bool wait)
{
	patch_u32(note, 0, (uint32_t)note->length);
	patch_u32(note, NOTE_FLAGS_OFFSET, note->cut ? NOTE_CUT : 0);
	pthread_mutex_lock(&notes->mutex);
	bool first = keep(notes, note, wait);
	pthread_mutex_unlock(&notes->mutex);
	free(note->bytes);
	return first;
}

bool notes_execution(struct notes *notes, struct request *request, const char *given, bool wait)
{
	struct note note = { 0 };
	pid_t thread = request->caller.thread;

	put_header(&note, NOTE_EXECUTED, request);
	put_text(&note, request->objects[0].path);
	put_text(&note, given);
	put_working_directory(&note, thread);
	put_arguments(&note, thread, request->args[request->number == SYS_execveat ? 2 : 1]);
	if (note.unreadable) {
		free(note.bytes);
		request->error = EFAULT;
		return false;
	}
	return finish(notes, &note, wait);
}

static uint64_t sum_of(uint64_t sum, const void *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		sum = (sum ^ ((const uint8_t *)bytes)[i]) * 1099511628211ull; /* FNV-1a */
	return sum;
}

/* A program that sends a thousand datagrams to one address is one note a second. */
static bool is_recent(struct notes *notes, const struct request *request)
{
	uint64_t sum = sum_of(14695981039346656037ull, &request->caller.thread, sizeof request->caller.thread);
	uint64_t time = now();

	sum = sum_of(sum, &request->address, request->address_length);
	struct reached *slot = &notes->recent[(sum ^ sum >> 32) % RECENT];
	pthread_mutex_lock(&notes->mutex);
	bool recent = slot->sum == sum && slot->until > time;
	if (!recent)
		*slot = (struct reached){ sum, time + RECENT_LIFETIME };
	pthread_mutex_unlock(&notes->mutex);
	return recent;
}

bool notes_socket(struct notes *notes, struct request *request, bool wait)
{
	struct note note = { 0 };

	if (is_recent(notes, request))
		return false;
	put_header(&note, NOTE_REACHED, request);
	put_u32(&note, request->operation->kind);
	put_text(&note, request->objects[0].path);
	put_bytes(&note, &request->address, request->address_length);
	return finish(notes, &note, wait);
}

uint8_t *notes_take(struct notes *notes, size_t *length)
{
	pthread_mutex_lock(&notes->mutex);
	if (notes->lost) {
		struct note note = { 0 };

		for (int i = 0; i < 6; i++)
			put_u32(&note, i == 0 ? NOTE_HEADER_SIZE : i == 1 ? NOTE_LOST : i == 2 ? notes->lost : 0);
		notes->lost = 0;
		keep(notes, &note, false);
		free(note.bytes);
	}
	uint8_t *bytes = notes->length ? notes->bytes : NULL;
	*length = notes->length;
	if (bytes) {
		notes->bytes = NULL;
		notes->length = notes->capacity = 0;
		pthread_cond_broadcast(&notes->room);
	}
	pthread_mutex_unlock(&notes->mutex);
	return bytes;
}
