/*
 * A runner: each test is a function, runs in a process of its own and gives a line of TAP. A check
 * that fails ends the process, so that nothing stands on what is not so.
 */
#ifndef NONO_CHECK_H
#define NONO_CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../include/kernel.h"

enum { TEST_FAILED = 1, TEST_SKIPPED = 2 };

struct test {
	const char *title;
	void (*run)(void);
};

#define TEST(function, title) { title, function }

#define CHECK(condition) \
	do { \
		if (condition) \
			break; \
		printf("# %s:%d: %s\n", __FILE__, __LINE__, #condition); \
		fflush(stdout); \
		_exit(TEST_FAILED); \
	} while (0)

#define CHECK_NUMBER(found, wanted) \
	do { \
		long long found_ = (long long)(found), wanted_ = (long long)(wanted); \
		if (found_ == wanted_) \
			break; \
		printf("# %s:%d: %s is %lld, not %lld\n", __FILE__, __LINE__, #found, found_, wanted_); \
		fflush(stdout); \
		_exit(TEST_FAILED); \
	} while (0)

/* Only where the machine cannot do it; it is counted, and names the reason. */
#define SKIP(why) \
	do { \
		printf("# skipped: %s\n", why); \
		fflush(stdout); \
		_exit(TEST_SKIPPED); \
	} while (0)

/* NONO_TEST_ABI says which Landlock ABI the machine is known to have: up to there nothing may be skipped. */
#define NEED_ABI(least) \
	do { \
		const char *known_ = getenv("NONO_TEST_ABI"); \
		long abi_ = syscall(SYS_landlock_create_ruleset, NULL, 0L, LANDLOCK_CREATE_RULESET_VERSION); \
		if (abi_ >= (least)) \
			break; \
		CHECK(!known_ || atoi(known_) < (least)); \
		SKIP("the kernel's Landlock is too old"); \
	} while (0)

static inline int run_test(const struct test *test, size_t number)
{
	int status;

	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		alarm(60);
		test->run();
		exit(0); /* not _exit: the leak check runs here */
	}
	waitpid(child, &status, 0);
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	printf("%s %zu - %s%s\n", code == 0 || code == TEST_SKIPPED ? "ok" : "not ok", number, test->title,
	       code == TEST_SKIPPED ? " # SKIP see above" : "");
	return code != 0 && code != TEST_SKIPPED;
}

static inline int run_tests(const struct test *tests, size_t count)
{
	int failures = 0;

	printf("1..%zu\n", count);
	for (size_t i = 0; i < count; i++)
		failures += run_test(&tests[i], i + 1);
	return failures > 0;
}

#define RUN(tests) run_tests(tests, sizeof(tests) / sizeof *(tests))

#endif
