#include "cursor.h"

#include <errno.h>
#include <string.h>

void wrong(struct cursor *in, size_t offset, int error)
{
	if (in->error)
		return;
	in->error = error;
	in->error_offset = offset;
}

const uint8_t *read_bytes(struct cursor *in, size_t size)
{
	if (size > in->length - in->offset)
		wrong(in, in->offset, EBADMSG);
	if (in->error)
		return NULL;
	const uint8_t *bytes = in->bytes + in->offset;
	in->offset += size;
	return bytes;
}

uint64_t read_number(struct cursor *in, size_t size)
{
	const uint8_t *bytes = read_bytes(in, size);
	uint64_t number = 0;

	for (size_t i = 0; bytes && i < size; i++)
		number |= (uint64_t)bytes[i] << (8 * i);
	return number;
}

uint32_t read_u32(struct cursor *in)
{
	return (uint32_t)read_number(in, 4);
}

uint64_t read_u64(struct cursor *in)
{
	return read_number(in, 8);
}

uint32_t read_flags(struct cursor *in, uint32_t known)
{
	size_t offset = in->offset;
	uint32_t flags = read_u32(in);

	if (flags & ~known)
		wrong(in, offset, EBADMSG);
	return flags;
}

uint32_t read_count(struct cursor *in, uint32_t max)
{
	size_t offset = in->offset;
	uint32_t count = read_u32(in);

	if (count > max)
		wrong(in, offset, E2BIG);
	return in->error ? 0 : count;
}

struct text read_text(struct cursor *in)
{
	struct text text = { "", 0 };
	size_t offset = in->offset;
	uint32_t length = read_u32(in);

	if (length > PLAN_STRING_MAX)
		wrong(in, offset, E2BIG);
	const uint8_t *bytes = read_bytes(in, (size_t)length + 1);
	if (!bytes)
		return text;
	if (memchr(bytes, 0, (size_t)length + 1) != bytes + length)
		wrong(in, offset, EBADMSG);
	else
		text = (struct text){ (const char *)bytes, length };
	return text;
}

struct text read_absolute(struct cursor *in)
{
	size_t offset = in->offset;
	struct text path = read_text(in);

	if (path.bytes[0] != '/')
		wrong(in, offset, EBADMSG);
	return path;
}

void read_start(struct cursor *in, const char *magic, uint32_t version)
{
	const uint8_t *bytes = read_bytes(in, 8);

	if (bytes && memcmp(bytes, magic, 8))
		wrong(in, 0, EBADMSG);
	if (read_u32(in) != version)
		wrong(in, 8, EPROTONOSUPPORT);
	if (read_u32(in) != in->length)
		wrong(in, 12, EBADMSG);
}
