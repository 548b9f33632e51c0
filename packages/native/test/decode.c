/* What the decoder takes and what it refuses, and that it gives every byte of a plan its meaning. */
#include "../src/plan/decode.h"

#include <errno.h>

#include "check.h"
#include "encode.h"

static char *argv[] = { "tool", "", "--flag" };
static char *environment[] = { "PATH=/bin", "EMPTY=" };
static struct sock_filter allow_all[] = { { .code = 0x06, .jt = 1, .jf = 2, .k = 0x7fff0000 } };

/* A plan that uses everything. The arrays are static: one test is one process. */
static struct plan whole(void)
{
	static struct rule rules[2];
	static struct text names[2];
	static struct split splits[1];
	static struct port ports[1];
	static struct limit limits[1];
	static uint32_t descriptors[2];
	static struct filter filters[2];

	rules[0] = (struct rule){ 12, 0, text_of("/usr") };
	rules[1] = (struct rule){ 1ull << 40, RULE_OPTIONAL, text_of("/") };
	names[0] = text_of("passwd");
	names[1] = text_of("..x");
	splits[0] = (struct split){ 4, 1ull << 41, RULE_OPTIONAL, text_of("/etc"), 2, names };
	ports[0] = (struct port){ 2, 65535 };
	limits[0] = (struct limit){ 7, 1ull << 33, UINT64_MAX };
	descriptors[0] = 3;
	descriptors[1] = 9;
	filters[0] = (struct filter){ FILTER_LISTENER, { 1, allow_all } };
	filters[1] = (struct filter){ 0, { 1, allow_all } };
	return (struct plan){
		.flags = 63, .parent = 77, .keep_capabilities = 1ull << 40, .handled_fs = 0xffff, .handled_net = 3,
		.scoped = 3, .restrict_flags = 2, .cwd = text_of("/home"), .path = text_of("/bin/tool"),
		.argv = argv, .environment = environment, .rules = rules, .splits = splits, .ports = ports,
		.limits = limits, .descriptors = descriptors, .filters = filters, .argc = 3, .environment_count = 2, .rule_count = 2,
		.split_count = 1, .port_count = 1, .limit_count = 1, .descriptor_count = 2, .filter_count = 2,
	};
}

/* The errno, or 0; what was refused must have left nothing behind. */
static int decode_bytes(const struct buffer *buffer, uint32_t *offset)
{
	struct failure failure = { 0 };
	struct plan plan;

	if (!plan_decode(buffer->bytes, buffer->length, &plan, &failure)) {
		plan_free(&plan);
		return 0;
	}
	CHECK_NUMBER(failure.step, STEP_PLAN_DECODE);
	CHECK(failure.error != 0 && failure.index <= buffer->length);
	CHECK(!plan.argv && !plan.environment && !plan.rules && !plan.splits && !plan.filters);
	if (offset)
		*offset = failure.index;
	return failure.error;
}

static int decode_plan(const struct plan *plan)
{
	struct buffer buffer = encode(plan);
	int error = decode_bytes(&buffer, NULL);

	free(buffer.bytes);
	return error;
}

static void test_whole(void)
{
	struct plan wanted = whole(), plan;
	struct buffer buffer = encode(&wanted);
	struct failure failure;

	CHECK_NUMBER(plan_decode(buffer.bytes, buffer.length, &plan, &failure), 0);
	CHECK_NUMBER(plan.flags, 63);
	CHECK_NUMBER(plan.parent, 77);
	CHECK_NUMBER(plan.keep_capabilities, 1ll << 40);
	CHECK_NUMBER(plan.handled_fs, 0xffff);
	CHECK_NUMBER(plan.handled_net, 3);
	CHECK_NUMBER(plan.scoped, 3);
	CHECK_NUMBER(plan.restrict_flags, 2);
	CHECK(!strcmp(plan.cwd.bytes, "/home") && !strcmp(plan.path.bytes, "/bin/tool"));
	CHECK(!strcmp(plan.argv[0], "tool") && !*plan.argv[1] && !strcmp(plan.argv[2], "--flag") && !plan.argv[3]);
	CHECK(!strcmp(plan.environment[1], "EMPTY=") && !plan.environment[2]);
	CHECK(plan.rules[1].rights == 1ull << 40 && plan.rules[1].flags == RULE_OPTIONAL);
	CHECK_NUMBER(plan.rules[0].path.length, 4);
	CHECK(plan.splits[0].files == 4 && plan.splits[0].directories == 1ull << 41);
	CHECK(plan.splits[0].flags == RULE_OPTIONAL && !strcmp(plan.splits[0].path.bytes, "/etc"));
	CHECK_NUMBER(plan.splits[0].name_count, 2);
	CHECK(!strcmp(plan.splits[0].names[1].bytes, "..x") && plan.splits[0].names[0].length == 6);
	CHECK(plan.ports[0].rights == 2 && plan.ports[0].port == 65535);
	CHECK(plan.limits[0].resource == 7 && plan.limits[0].soft == 1ull << 33 && plan.limits[0].hard == UINT64_MAX);
	CHECK(plan.descriptors[0] == 3 && plan.descriptors[1] == 9);
	CHECK(plan.filters[0].flags == FILTER_LISTENER && plan.filters[1].program.len == 1);
	CHECK(!memcmp(plan.filters[1].program.filter, allow_all, sizeof allow_all));
	plan_free(&plan);
	free(buffer.bytes);
}

/* Also for applying in-process: no path, no arguments. */
static void test_empty(void)
{
	struct plan plan = { 0 };

	CHECK_NUMBER(decode_plan(&plan), 0);
}

/* Each prefix in a block of its own size, so that one byte read too far is an error of the sanitizer. */
static void test_truncated(void)
{
	struct plan plan = whole();
	struct buffer full = encode(&plan);

	for (size_t length = 0; length < full.length; length++) {
		struct buffer cut = { malloc(length + !length), length, length };

		memcpy(cut.bytes, full.bytes, length);
		CHECK(decode_bytes(&cut, NULL) == EBADMSG);
		if (length >= OFFSET_FLAGS)
			set_u32(&cut, OFFSET_LENGTH, (uint32_t)length);
		CHECK(decode_bytes(&cut, NULL) == EBADMSG);
		free(cut.bytes);
	}
	free(full.bytes);
}

static void test_trailing(void)
{
	struct plan plan = whole();
	struct buffer buffer = encode(&plan);
	uint32_t offset, end = (uint32_t)buffer.length;

	put(&buffer, 0, 1);
	CHECK_NUMBER(decode_bytes(&buffer, NULL), EBADMSG);
	set_u32(&buffer, OFFSET_LENGTH, end + 1);
	CHECK_NUMBER(decode_bytes(&buffer, &offset), EBADMSG);
	CHECK_NUMBER(offset, end);
	free(buffer.bytes);
}

static void test_magic(void)
{
	struct plan plan = whole();
	struct buffer buffer = encode(&plan);
	uint32_t offset;

	for (int i = 0; i < 8; i++) {
		buffer.bytes[i] ^= 1;
		CHECK_NUMBER(decode_bytes(&buffer, &offset), EBADMSG);
		CHECK_NUMBER(offset, 0);
		buffer.bytes[i] ^= 1;
	}
	set_u32(&buffer, OFFSET_VERSION, PLAN_VERSION + 1);
	CHECK_NUMBER(decode_bytes(&buffer, &offset), EPROTONOSUPPORT);
	CHECK_NUMBER(offset, OFFSET_VERSION);
	free(buffer.bytes);
}

static void test_counts(void)
{
	static const uint32_t most[] = { PLAN_ARGS_MAX, PLAN_ARGS_MAX, PLAN_RULES_MAX, PLAN_SPLITS_MAX, PLAN_PORTS_MAX,
					 PLAN_LIMITS_MAX, PLAN_DESCRIPTORS_MAX, PLAN_FILTERS_MAX };
	struct plan plan = whole();
	struct buffer buffer = encode(&plan);
	uint32_t offset;

	for (uint32_t i = 0; i < sizeof most / sizeof *most; i++) {
		uint32_t at = OFFSET_ARGC + 4 * i, before = buffer.bytes[at];

		set_u32(&buffer, at, most[i] + 1);
		CHECK_NUMBER(decode_bytes(&buffer, &offset), E2BIG);
		CHECK_NUMBER(offset, at);
		set_u32(&buffer, at, UINT32_MAX);
		CHECK_NUMBER(decode_bytes(&buffer, NULL), E2BIG);
		set_u32(&buffer, at, most[i]); /* promises more than follows */
		CHECK_NUMBER(decode_bytes(&buffer, NULL), EBADMSG);
		set_u32(&buffer, at, before);
	}
	CHECK_NUMBER(decode_bytes(&buffer, NULL), 0);
	free(buffer.bytes);
}

/* A plan at every bound at once is taken; the largest list of each kind. */
static void test_largest(void)
{
	static char *many[PLAN_ARGS_MAX];
	static struct rule rules[PLAN_RULES_MAX];
	static struct port ports[PLAN_PORTS_MAX];
	static struct limit limits[PLAN_LIMITS_MAX];
	static uint32_t descriptors[PLAN_DESCRIPTORS_MAX];
	static struct filter filters[PLAN_FILTERS_MAX];
	static struct sock_filter program[BPF_MAXINSNS];
	struct plan plan = { .flags = PLAN_LANDLOCK, .path = text_of("/x"), .argv = many, .argc = PLAN_ARGS_MAX,
			     .rules = rules, .rule_count = PLAN_RULES_MAX, .ports = ports, .port_count = PLAN_PORTS_MAX,
			     .limits = limits, .limit_count = PLAN_LIMITS_MAX, .descriptors = descriptors,
			     .descriptor_count = PLAN_DESCRIPTORS_MAX, .filters = filters,
			     .filter_count = PLAN_FILTERS_MAX };

	for (uint32_t i = 0; i < PLAN_ARGS_MAX; i++)
		many[i] = "a";
	for (uint32_t i = 0; i < PLAN_RULES_MAX; i++)
		rules[i].path = text_of("/");
	for (uint32_t i = 0; i < PLAN_DESCRIPTORS_MAX; i++)
		descriptors[i] = i + 3;
	for (uint32_t i = 0; i < PLAN_FILTERS_MAX; i++)
		filters[i].program = (struct sock_fprog){ BPF_MAXINSNS, program };
	CHECK_NUMBER(decode_plan(&plan), 0);
}

static void test_length(void)
{
	static uint8_t bytes[PLAN_LENGTH_MAX + 1];
	struct buffer buffer = { bytes, sizeof bytes, sizeof bytes };
	uint32_t offset;

	CHECK_NUMBER(decode_bytes(&buffer, &offset), E2BIG);
	CHECK_NUMBER(offset, 0);
}

static void test_long_string(void)
{
	static char letters[PLAN_STRING_MAX + 2];
	struct plan plan = whole();

	memset(letters, '/', PLAN_STRING_MAX + 1);
	plan.path = (struct text){ letters, PLAN_STRING_MAX };
	CHECK_NUMBER(decode_plan(&plan), 0);
	plan.path.length++;
	CHECK_NUMBER(decode_plan(&plan), E2BIG);
}

static void test_nul(void)
{
	struct plan plan = whole();
	struct buffer buffer;

	plan.path = (struct text){ "/bin\0tool", 9 };
	CHECK_NUMBER(decode_plan(&plan), EBADMSG);
	plan.path = text_of("/bin/tool");
	plan.rules[1].path = (struct text){ "/\0", 2 };
	CHECK_NUMBER(decode_plan(&plan), EBADMSG);

	plan = whole();
	buffer = encode(&plan);
	buffer.bytes[OFFSET_BODY + 4 + plan.cwd.length] = 'x'; /* the NUL behind cwd */
	CHECK_NUMBER(decode_bytes(&buffer, NULL), EBADMSG);
	free(buffer.bytes);
}

static void test_flags(void)
{
	struct plan plan = whole();

	plan.flags = 1u << 7;
	CHECK_NUMBER(decode_plan(&plan), EBADMSG);
	plan = whole();
	plan.rules[0].flags = 1u << 1;
	CHECK_NUMBER(decode_plan(&plan), EBADMSG);
	plan = whole();
	plan.filters[1].flags = 1u << 1;
	CHECK_NUMBER(decode_plan(&plan), EBADMSG);
	plan = whole();
	plan.flags &= ~(uint32_t)PLAN_NEW_SESSION;
	CHECK_NUMBER(decode_plan(&plan), EBADMSG);
}

static void test_unenforced(void)
{
	struct plan plan = { .handled_fs = 1 };

	CHECK_NUMBER(decode_plan(&plan), EBADMSG);
	plan = (struct plan){ .handled_net = 1 };
	CHECK_NUMBER(decode_plan(&plan), EBADMSG);
	plan = (struct plan){ .scoped = 1 };
	CHECK_NUMBER(decode_plan(&plan), EBADMSG);
	plan = (struct plan){ .restrict_flags = 1 };
	CHECK_NUMBER(decode_plan(&plan), EBADMSG);
	plan = (struct plan){ .rules = whole().rules, .rule_count = 1 };
	CHECK_NUMBER(decode_plan(&plan), EBADMSG);
	plan.flags = PLAN_LANDLOCK;
	CHECK_NUMBER(decode_plan(&plan), 0);
	plan = (struct plan){ .keep_capabilities = 1 };
	CHECK_NUMBER(decode_plan(&plan), EBADMSG);
}

/* A profile is enforced alone, and what it is for is said. */
static void test_profile(void)
{
	struct plan wanted = { .flags = PLAN_SEATBELT, .profile = text_of("(version 1)"), .marker = text_of("m") };
	struct buffer buffer = encode(&wanted);
	struct failure failure;
	struct plan plan;

	CHECK_NUMBER(plan_decode(buffer.bytes, buffer.length, &plan, &failure), 0);
	CHECK(!strcmp(plan.profile.bytes, "(version 1)") && !strcmp(plan.marker.bytes, "m"));
	plan_free(&plan);
	free(buffer.bytes);

	plan = wanted;
	plan.flags = 0;
	CHECK_NUMBER(decode_plan(&plan), EBADMSG);
	plan.profile = text_of("");
	CHECK_NUMBER(decode_plan(&plan), EBADMSG);
	plan = wanted;
	plan.profile = text_of("");
	CHECK_NUMBER(decode_plan(&plan), EBADMSG);
	plan = whole();
	plan.flags |= PLAN_SEATBELT;
	plan.profile = wanted.profile;
	CHECK_NUMBER(decode_plan(&plan), EBADMSG);
}

static void test_command(void)
{
	struct plan plan = whole();

	plan.path = text_of("tool");
	CHECK_NUMBER(decode_plan(&plan), EBADMSG);
	plan = whole();
	plan.argc = 0;
	CHECK_NUMBER(decode_plan(&plan), EBADMSG);
	plan = whole();
	plan.rules[0].path = text_of("usr");
	CHECK_NUMBER(decode_plan(&plan), EBADMSG);
	plan.rules[0].path = text_of("");
	CHECK_NUMBER(decode_plan(&plan), EBADMSG);
}

/* Names are entries of one directory: nothing that could lead out of it. */
static void test_splits(void)
{
	static const char *const wrong[] = { "", "a/b", "/" };
	struct plan plan = whole();

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		plan.splits[0].names[1] = text_of(wrong[i]);
		CHECK_NUMBER(decode_plan(&plan), EBADMSG);
	}
	plan = whole();
	plan.splits[0].path = text_of("etc");
	CHECK_NUMBER(decode_plan(&plan), EBADMSG);
	plan = whole();
	plan.splits[0].flags = 1u << 1;
	CHECK_NUMBER(decode_plan(&plan), EBADMSG);
	plan = (struct plan){ .splits = whole().splits, .split_count = 1 };
	CHECK_NUMBER(decode_plan(&plan), EBADMSG);
	plan.flags = PLAN_LANDLOCK;
	CHECK_NUMBER(decode_plan(&plan), 0);
}

static void test_environment(void)
{
	static char *wrong[] = { "PATH", "=value", "" };

	for (size_t i = 0; i < 3; i++) {
		struct plan plan = { .environment = &wrong[i], .environment_count = 1 };

		CHECK_NUMBER(decode_plan(&plan), EBADMSG);
	}
}

static void test_descriptors(void)
{
	static uint32_t wrong[][2] = { { 2, 3 }, { 3, 3 }, { 4, 3 }, { 3, 1u << 31 }, { 0, 5 } };

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct plan plan = { .descriptors = wrong[i], .descriptor_count = 2 };

		CHECK_NUMBER(decode_plan(&plan), EBADMSG);
	}
}

static void test_ports(void)
{
	struct plan plan = whole();

	plan.ports[0].port = 65536;
	CHECK_NUMBER(decode_plan(&plan), E2BIG);
}

static void test_filters(void)
{
	static struct sock_filter program[BPF_MAXINSNS + 1];
	struct plan plan = whole();

	plan.filters[1].program = (struct sock_fprog){ 0, program };
	CHECK_NUMBER(decode_plan(&plan), EBADMSG);
	plan.filters[1].program.len = BPF_MAXINSNS + 1;
	CHECK_NUMBER(decode_plan(&plan), E2BIG);
	plan = whole();
	plan.filters[1].flags = FILTER_LISTENER; /* a second one */
	CHECK_NUMBER(decode_plan(&plan), EBADMSG);
}

/* No meaning is checked here, only that the sanitizers stay silent; the fuzz target goes further. */
static void test_damaged(void)
{
	struct plan plan = whole();
	struct buffer buffer = encode(&plan);
	uint32_t random = 1;
	int refused = 0;

	for (int round = 0; round < 20000; round++) {
		random = random * 1664525u + 1013904223u;
		size_t at = OFFSET_FLAGS + (random >> 8) % (buffer.length - OFFSET_FLAGS);
		uint8_t before = buffer.bytes[at];

		buffer.bytes[at] = (uint8_t)(random >> 16);
		refused += decode_bytes(&buffer, NULL) != 0;
		buffer.bytes[at] = before;
	}
	CHECK(refused > 1000);
	CHECK_NUMBER(decode_bytes(&buffer, NULL), 0);
	free(buffer.bytes);
}

static const struct test tests[] = {
	TEST(test_whole, "gives every field of a plan that uses all of them"),
	TEST(test_empty, "takes a plan without a command"),
	TEST(test_largest, "takes lists as long as the bounds"),
	TEST(test_truncated, "refuses a plan cut off at any byte"),
	TEST(test_trailing, "refuses a byte too many, and says where"),
	TEST(test_magic, "refuses another magic and another version"),
	TEST(test_counts, "refuses counts above their bounds or above what follows"),
	TEST(test_length, "refuses a plan that is too long"),
	TEST(test_long_string, "refuses a string one byte above its bound"),
	TEST(test_nul, "refuses a NUL inside of a string and none behind it"),
	TEST(test_flags, "refuses unknown flags and a terminal without a session"),
	TEST(test_unenforced, "refuses what no flag would have enforced"),
	TEST(test_profile, "takes a Seatbelt profile, alone and where it is said to be one"),
	TEST(test_command, "refuses relative paths and a command without argv[0]"),
	TEST(test_splits, "refuses names that are no entry of the directory"),
	TEST(test_environment, "refuses variables without a name"),
	TEST(test_descriptors, "refuses descriptors out of order or below 3"),
	TEST(test_ports, "refuses ports above 65535"),
	TEST(test_filters, "refuses empty and oversize filters and a second listener"),
	TEST(test_damaged, "survives damage anywhere"),
};

int main(void)
{
	return RUN(tests);
}
