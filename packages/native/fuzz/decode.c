/*
 * libFuzzer target: any bytes at all, as a plan. `npm run fuzz -w nono-native [seconds]`.
 *
 * A plan that is taken is read to its end, so that a pointer out of bounds or a missing NUL is met,
 * and the bytes lie in a block of exactly their size, so that a byte read behind them is.
 */
#include "../src/plan/decode.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t read_list(char **list, uint32_t count)
{
	size_t sum = 0;

	for (uint32_t i = 0; i < count; i++)
		sum += strlen(list[i]);
	if (list[count])
		abort();
	return sum;
}

static size_t read_filters(const struct plan *plan)
{
	size_t sum = 0;

	for (uint32_t i = 0; i < plan->filter_count; i++)
		for (unsigned short k = 0; k < plan->filters[i].program.len; k++)
			sum += plan->filters[i].program.filter[k].k;
	return sum;
}

static void read_text(const struct text *text)
{
	if (strlen(text->bytes) != text->length)
		abort();
}

static void check_descriptors(const struct plan *plan)
{
	for (uint32_t i = 0; i < plan->descriptor_count; i++)
		if (plan->descriptors[i] < 3 || (i && plan->descriptors[i] <= plan->descriptors[i - 1]))
			abort();
}

static void read_plan(const struct plan *plan)
{
	volatile size_t sum = read_list(plan->argv, plan->argc) +
			      read_list(plan->environment, plan->environment_count) + read_filters(plan);

	(void)sum;
	read_text(&plan->cwd);
	read_text(&plan->path);
	for (uint32_t i = 0; i < plan->rule_count; i++)
		read_text(&plan->rules[i].path);
	for (uint32_t i = 0; i < plan->split_count; i++) {
		read_text(&plan->splits[i].path);
		for (uint32_t j = 0; j < plan->splits[i].name_count; j++)
			read_text(&plan->splits[i].names[j]);
	}
	check_descriptors(plan);
}

static void decode(const uint8_t *bytes, size_t size)
{
	struct failure failure = { 0 };
	struct plan plan;

	if (!plan_decode(bytes, size, &plan, &failure)) {
		read_plan(&plan);
		plan_free(&plan);
	} else if (failure.step != STEP_PLAN_DECODE || failure.error == 0 || failure.index > size) {
		abort();
	}
}

/*
 * Once as it is, and once with the length that it has: a fuzzer that grows its input would rarely
 * get past that field.
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
