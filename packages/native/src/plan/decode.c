/*
 * Bytes of a plan to a checked struct. No policy: everything that is well-formed and within the
 * bounds of plan.h passes. The bytes come from another process, so nothing is believed before it
 * was compared with what is left to read.
 */
#include "decode.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cursor.h"

#define PLAN_FLAGS (PLAN_GUARD | PLAN_NEW_SESSION | PLAN_CONTROLLING_TTY | PLAN_LANDLOCK | PLAN_DROP_CAPABILITIES | \
		    PLAN_DEATH_SIGNAL | PLAN_SEATBELT)

/*
 * The shortest encoding of one element: what a count can promise at most before anything is
 * allocated for it.
 */
enum {
	RULE_SIZE = 12 + STRING_SIZE,
	SPLIT_SIZE = 24 + STRING_SIZE,
	PORT_SIZE = 16,
	LIMIT_SIZE = 20,
	DESCRIPTOR_SIZE = 4,
	INSTRUCTION_SIZE = 8,
	FILTER_SIZE = 8 + INSTRUCTION_SIZE,
};

/* Zeroed room for `count` elements, and `extra` beyond, if as many can still follow. */
static void *reserve(struct cursor *in, uint32_t count, uint32_t extra, size_t encoded, size_t decoded)
{
	if (count > (in->length - in->offset) / encoded)
		wrong(in, in->offset, EBADMSG);
	if (in->error || count + extra == 0)
		return NULL;
	void *room = calloc(count + extra, decoded);
	if (!room)
		wrong(in, in->offset, ENOMEM);
	return room;
}

static void take_header(struct cursor *in, struct plan *plan)
{
	read_start(in, "NONOPLAN", PLAN_VERSION);
	plan->flags = read_flags(in, PLAN_FLAGS);
	plan->parent = read_u32(in);
	plan->keep_capabilities = read_u64(in);
	plan->handled_fs = read_u64(in);
	plan->handled_net = read_u64(in);
	plan->scoped = read_u64(in);
	plan->restrict_flags = read_u32(in);
	plan->argc = read_count(in, PLAN_ARGS_MAX);
	plan->environment_count = read_count(in, PLAN_ARGS_MAX);
	plan->rule_count = read_count(in, PLAN_RULES_MAX);
	plan->split_count = read_count(in, PLAN_SPLITS_MAX);
	plan->port_count = read_count(in, PLAN_PORTS_MAX);
	plan->limit_count = read_count(in, PLAN_LIMITS_MAX);
	plan->descriptor_count = read_count(in, PLAN_DESCRIPTORS_MAX);
	plan->filter_count = read_count(in, PLAN_FILTERS_MAX);
}

/* A mask or a rule that nothing would enforce is not a weaker plan but a wrong one. */
static void check_header(struct cursor *in, const struct plan *plan)
{
	bool landlock = plan->handled_fs || plan->handled_net || plan->scoped || plan->restrict_flags ||
			plan->rule_count || plan->split_count || plan->port_count;

	if ((plan->flags & PLAN_CONTROLLING_TTY) && !(plan->flags & PLAN_NEW_SESSION))
		wrong(in, 16, EBADMSG);
	if (landlock && !(plan->flags & PLAN_LANDLOCK))
		wrong(in, 16, EBADMSG);
	if (plan->keep_capabilities && !(plan->flags & PLAN_DROP_CAPABILITIES))
		wrong(in, 16, EBADMSG);
	if ((plan->flags & PLAN_SEATBELT) &&
	    ((plan->flags & (PLAN_LANDLOCK | PLAN_DROP_CAPABILITIES)) || plan->filter_count))
		wrong(in, 16, EBADMSG);
}

static void take_command(struct cursor *in, struct plan *plan)
{
	plan->cwd = read_text(in);
	size_t offset = in->offset;
	plan->path = read_text(in);
	bool command = plan->path.length > 0;
	if (command && (plan->path.bytes[0] != '/' || plan->argc == 0))
		wrong(in, offset, EBADMSG);

	/* execve(2) takes pointers to bytes that it does not change, as pointers to bytes that it could. */
	plan->argv = reserve(in, plan->argc, 1, STRING_SIZE, sizeof *plan->argv);
	for (uint32_t i = 0; i < plan->argc && !in->error; i++)
		plan->argv[i] = (char *)read_text(in).bytes;
}

static void take_environment(struct cursor *in, struct plan *plan)
{
	plan->environment = reserve(in, plan->environment_count, 1, STRING_SIZE, sizeof *plan->environment);
	for (uint32_t i = 0; i < plan->environment_count && !in->error; i++) {
		size_t offset = in->offset;
		const char *variable = read_text(in).bytes;
		const char *equals = strchr(variable, '=');

		if (!equals || equals == variable)
			wrong(in, offset, EBADMSG);
		plan->environment[i] = (char *)variable;
	}
}

static void take_profile(struct cursor *in, struct plan *plan)
{
	bool seatbelt = plan->flags & PLAN_SEATBELT;
	size_t offset = in->offset;

	plan->profile = read_text(in);
	plan->marker = read_text(in);
	if ((plan->profile.length > 0) != seatbelt || (plan->marker.length > 0 && !seatbelt))
		wrong(in, offset, EBADMSG);
}

static void take_rules(struct cursor *in, struct plan *plan)
{
	plan->rules = reserve(in, plan->rule_count, 0, RULE_SIZE, sizeof *plan->rules);
	for (uint32_t i = 0; i < plan->rule_count && !in->error; i++) {
		plan->rules[i].rights = read_u64(in);
		plan->rules[i].flags = read_flags(in, RULE_OPTIONAL);
		plan->rules[i].path = read_absolute(in);
	}
}

static void take_names(struct cursor *in, struct split *split)
{
	split->name_count = read_count(in, PLAN_NAMES_MAX);
	split->names = reserve(in, split->name_count, 0, STRING_SIZE, sizeof *split->names);
	for (uint32_t i = 0; i < split->name_count && !in->error; i++) {
		size_t offset = in->offset;

		split->names[i] = read_text(in);
		if (!split->names[i].length || strchr(split->names[i].bytes, '/'))
			wrong(in, offset, EBADMSG);
	}
}

static void take_splits(struct cursor *in, struct plan *plan)
{
	plan->splits = reserve(in, plan->split_count, 0, SPLIT_SIZE, sizeof *plan->splits);
	for (uint32_t i = 0; i < plan->split_count && !in->error; i++) {
		plan->splits[i].files = read_u64(in);
		plan->splits[i].directories = read_u64(in);
		plan->splits[i].flags = read_flags(in, RULE_OPTIONAL);
		plan->splits[i].path = read_absolute(in);
		take_names(in, &plan->splits[i]);
	}
}

static void take_ports(struct cursor *in, struct plan *plan)
{
	plan->ports = reserve(in, plan->port_count, 0, PORT_SIZE, sizeof *plan->ports);
	for (uint32_t i = 0; i < plan->port_count && !in->error; i++) {
		plan->ports[i].rights = read_u64(in);
		plan->ports[i].port = read_u64(in);
		if (plan->ports[i].port > UINT16_MAX)
			wrong(in, in->offset - 8, E2BIG);
	}
}

static void take_limits(struct cursor *in, struct plan *plan)
{
	plan->limits = reserve(in, plan->limit_count, 0, LIMIT_SIZE, sizeof *plan->limits);
	for (uint32_t i = 0; i < plan->limit_count && !in->error; i++) {
		plan->limits[i].resource = read_u32(in);
		plan->limits[i].soft = read_u64(in);
		plan->limits[i].hard = read_u64(in);
	}
}

/* Ascending, so that close_range(2) can take what lies between them. */
static void take_descriptors(struct cursor *in, struct plan *plan)
{
	uint32_t least = 3;

	plan->descriptors = reserve(in, plan->descriptor_count, 0, DESCRIPTOR_SIZE, sizeof *plan->descriptors);
	for (uint32_t i = 0; i < plan->descriptor_count && !in->error; i++) {
		uint32_t descriptor = read_u32(in);

		if (descriptor < least || descriptor > INT32_MAX)
			wrong(in, in->offset - DESCRIPTOR_SIZE, EBADMSG);
		plan->descriptors[i] = descriptor;
		least = descriptor + 1;
	}
}

static void take_program(struct cursor *in, struct sock_fprog *program)
{
	size_t offset = in->offset;
	uint32_t count = read_count(in, BPF_MAXINSNS);

	if (count == 0)
		wrong(in, offset, EBADMSG);
	program->filter = reserve(in, count, 0, INSTRUCTION_SIZE, sizeof *program->filter);
	program->len = (unsigned short)count;
	for (uint32_t i = 0; i < count && !in->error; i++) {
		program->filter[i].code = (uint16_t)read_number(in, 2);
		program->filter[i].jt = (uint8_t)read_number(in, 1);
		program->filter[i].jf = (uint8_t)read_number(in, 1);
		program->filter[i].k = read_u32(in);
	}
}

/* The kernel knows one listener for a task, whatever it is asked for (EBUSY). */
static void take_filters(struct cursor *in, struct plan *plan)
{
	uint32_t listeners = 0;

	plan->filters = reserve(in, plan->filter_count, 0, FILTER_SIZE, sizeof *plan->filters);
	for (uint32_t i = 0; i < plan->filter_count && !in->error; i++) {
		size_t offset = in->offset;

		plan->filters[i].flags = read_flags(in, FILTER_LISTENER);
		listeners += plan->filters[i].flags & FILTER_LISTENER;
		if (listeners > 1)
			wrong(in, offset, EBADMSG);
		take_program(in, &plan->filters[i].program);
	}
}

int plan_decode(const uint8_t *bytes, size_t length, struct plan *plan, struct failure *failure)
{
	struct cursor in = { .bytes = bytes, .length = length };

	memset(plan, 0, sizeof *plan);
	if (length > PLAN_LENGTH_MAX)
		wrong(&in, 0, E2BIG);
	take_header(&in, plan);
	check_header(&in, plan);
	take_command(&in, plan);
	take_environment(&in, plan);
	take_profile(&in, plan);
	take_rules(&in, plan);
	take_splits(&in, plan);
	take_ports(&in, plan);
	take_limits(&in, plan);
	take_descriptors(&in, plan);
	take_filters(&in, plan);
	if (in.offset != length)
		wrong(&in, in.offset, EBADMSG);
	if (!in.error)
		return 0;
	plan_free(plan);
	return failed(failure, STEP_PLAN_DECODE, (uint32_t)in.error_offset, in.error);
}

void plan_free(struct plan *plan)
{
	for (uint32_t i = 0; plan->filters && i < plan->filter_count; i++)
		free(plan->filters[i].program.filter);
	for (uint32_t i = 0; plan->splits && i < plan->split_count; i++)
		free(plan->splits[i].names);
	free(plan->filters);
	free(plan->descriptors);
	free(plan->limits);
	free(plan->ports);
	free(plan->splits);
	free(plan->rules);
	free(plan->environment);
	free(plan->argv);
	memset(plan, 0, sizeof *plan);
}
