/*
 * Restricting a process that has threads: those that hide, those that are made meanwhile, and what
 * happens when it fails.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/prctl.h>

#include "../src/addon/restrict.h"
#include "check.h"
#include "encode.h"
#include "wrap.h"

#define READ_FILE (1ull << 2)
#define SECRET "/etc/passwd"

/* What the kernel is made to do, and what it was asked for. */
static atomic_int refused_thread;  /* landlock_restrict_self fails in every thread but this one */
static atomic_bool has_tsync;      /* a kernel that knows the flag; it restricts the calling thread only, which is enough here */
static atomic_uint together_calls; /* with the flag */
static atomic_uint signals_sent;

static long restrict_self(const long arguments[6])
{
	long plain[6] = { arguments[0] };
	bool together = (uint32_t)arguments[1] & LANDLOCK_RESTRICT_SELF_TSYNC;

	if (refused_thread && refused_thread != gettid() && getpid() == refused_thread) {
		errno = ENOMEM;
		return -1;
	}
	if (!together || !has_tsync)
		return real_call(SYS_landlock_restrict_self, arguments);
	together_calls++;
	return real_call(SYS_landlock_restrict_self, plain);
}

static long intercept(long number, const long arguments[6])
{
	if (number == SYS_landlock_restrict_self)
		return restrict_self(arguments);
	signals_sent += number == SYS_rt_tgsigqueueinfo;
	return real_call(number, arguments);
}

/* Nothing may be read but below /proc, where the tests look. */
static struct plan plan_of(uint32_t flags)
{
	static struct rule rules[] = { { READ_FILE, 0, { 0 } } };

	rules[0].path = text_of("/proc");
	return (struct plan){ .flags = PLAN_LANDLOCK | flags, .handled_fs = READ_FILE, .rules = rules, .rule_count = 1 };
}

static struct filter *filters_of(struct sock_filter *program, unsigned short length)
{
	static struct filter filters[1];

	filters[0] = (struct filter){ 0, { length, program } };
	return filters;
}

static bool can_read(void)
{
	int file = open(SECRET, O_RDONLY | O_CLOEXEC);

	if (file >= 0)
		close(file);
	return file >= 0;
}

/* A thread that tries to read when it is told to. */
struct worker {
	pthread_t thread;
	void (*before)(void);
	int asks[2];
	int answers[2];
};

static void *work(void *argument)
{
	struct worker *worker = argument;
	char question;

	if (worker->before)
		worker->before();
	do {
		char answer = can_read() ? 'r' : 'x';
		CHECK(write(worker->answers[1], &answer, 1) == 1);
	} while (read(worker->asks[0], &question, 1) == 1);
	return NULL;
}

static char next_answer(const struct worker *worker)
{
	char answer = 0;

	CHECK(read(worker->answers[0], &answer, 1) == 1);
	return answer;
}

/* Up, and able to read: the control. */
static void start(struct worker *worker, void (*before)(void))
{
	worker->before = before;
	CHECK(!pipe(worker->asks) && !pipe(worker->answers));
	CHECK(!pthread_create(&worker->thread, NULL, work, worker));
	CHECK_NUMBER(next_answer(worker), 'r');
}

static char ask(const struct worker *worker)
{
	CHECK(write(worker->asks[1], "?", 1) == 1);
	return next_answer(worker);
}

static void stop(const struct worker *worker)
{
	close(worker->asks[1]);
	CHECK(!pthread_join(worker->thread, NULL));
	close(worker->asks[0]);
	close(worker->answers[0]);
	close(worker->answers[1]);
}

static void restrict_to(const struct plan *plan)
{
	struct failure failure = { 0 };
	int result = process_restrict(plan, &failure);

	if (result)
		printf("# step %d, index %u: %s\n", failure.step, failure.index, strerror(failure.error));
	CHECK_NUMBER(result, 0);
}

static bool is_free(void)
{
	return can_read() && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0;
}

static void test_alone(void)
{
	struct plan plan = plan_of(0);

	NEED_ABI(1);
	CHECK(is_free());
	restrict_to(&plan);
	CHECK(!can_read());
	CHECK_NUMBER(signals_sent, 0);
}

static void block_all(void)
{
	sigset_t all;

	sigfillset(&all);
	CHECK(!pthread_sigmask(SIG_SETMASK, &all, NULL));
}

static void test_workers(void)
{
	struct plan plan = plan_of(0);
	struct worker plain, deaf;

	NEED_ABI(1);
	start(&plain, NULL);
	start(&deaf, block_all);
	restrict_to(&plan);
	CHECK_NUMBER(ask(&plain), 'x');
	CHECK_NUMBER(ask(&deaf), 'x');
	CHECK(!can_read());
	stop(&plain);
	stop(&deaf);
}

/* As io_uring's threads do, and not even libc's functions can. */
static void block_even_33(void)
{
	uint64_t all = UINT64_MAX;

	CHECK(!syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof all));
}

static void test_out_of_reach(void)
{
	struct plan plan = plan_of(0);
	struct failure failure;
	struct worker plain, deaf;

	NEED_ABI(1);
	start(&plain, NULL);
	start(&deaf, block_even_33);
	CHECK_NUMBER(process_restrict(&plan, &failure), -1);
	CHECK(failure.step == STEP_THREADS && failure.error == EBUSY && failure.index != (uint32_t)gettid());
	CHECK(is_free());
	CHECK_NUMBER(ask(&plain), 'r');
	stop(&plain);
	stop(&deaf);
}

/* Chains of threads, each of which makes the next and ends. After `closed` none of them may read. */
static atomic_bool closed, enough;
static atomic_int readers, chains;

static void *next_link(void *unused)
{
	pthread_t next;
	pthread_attr_t detached;

	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	bool was_closed = closed;
	if (can_read() && was_closed)
		readers++;
	if (enough || pthread_create(&next, &detached, next_link, NULL))
		chains--;
	pthread_attr_destroy(&detached);
	return unused;
}

static void test_made_meanwhile(void)
{
	struct plan plan = plan_of(0);

	NEED_ABI(1);
	for (chains = 0; chains < 4;) {
		chains++;
		next_link(NULL);
	}
	restrict_to(&plan);
	closed = true;
	CHECK(!can_read());
	for (int i = 0; i < 200; i++) /* let every chain go on: some hundred links */
		sched_yield();
	enough = true;
	while (chains > 0)
		sched_yield();
	CHECK_NUMBER(readers, 0);
}

/* The number behind a name in /proc/self/task/TID/status, of all threads; -1 where they differ. */
static long long common_status(const char *name, int base)
{
	struct failure failure;
	struct threads *threads = threads_open(&failure);
	long long common = -2;

	CHECK(threads);
	for (unsigned int i = 0; i < threads->count; i++) {
		CHECK(thread_lives(threads, &threads->list[i]));
		const char *line = strstr(threads->status, name);
		CHECK(line);
		long long number = strtoll(line + strlen(name), NULL, base);
		common = common == -2 || common == number ? number : -1;
	}
	threads_close(threads);
	return common;
}

static void test_all_of_it(void)
{
	static struct sock_filter allow[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	struct plan plan = plan_of(PLAN_DROP_CAPABILITIES);
	struct worker workers[3];

	NEED_ABI(1);
	plan.filters = filters_of(allow, 1);
	plan.filter_count = 1;
	for (int i = 0; i < 3; i++)
		start(&workers[i], NULL);
	CHECK_NUMBER(common_status("\nNoNewPrivs:", 10), 0);
	CHECK_NUMBER(common_status("\nSeccomp_filters:", 10), 0);
	plan.rules[0].rights = READ_FILE;
	restrict_to(&plan);
	CHECK_NUMBER(common_status("\nNoNewPrivs:", 10), 1);
	CHECK_NUMBER(common_status("\nSeccomp_filters:", 10), 1);
	CHECK_NUMBER(common_status("\nCapEff:", 16), 0);
	CHECK_NUMBER(common_status("\nCapPrm:", 16), 0);
	if (getuid() == 0)
		CHECK_NUMBER(common_status("\nCapBnd:", 16), 0);
	for (int i = 0; i < 3; i++) {
		CHECK_NUMBER(ask(&workers[i]), 'x');
		stop(&workers[i]);
	}
}

/* Each of these fails in its own step, and leaves everything as it was. */
static void test_failures_free(void)
{
	static struct sock_filter wrong[] = { BPF_STMT(0xffff, 0) };
	static struct sock_filter allow[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	static struct limit limit = { 1000, 0, 0 };
	struct plan plans[4] = { plan_of(0), plan_of(0), plan_of(0), plan_of(0) };
	static const enum step steps[4] = { STEP_RULESET_CREATE, STEP_LIMIT, STEP_FILTER, STEP_LISTENER };
	static struct filter bad = { 0, { 1, wrong } }, listener = { FILTER_LISTENER, { 1, allow } };
	struct failure failure;
	struct worker worker;

	NEED_ABI(1);
	plans[0].handled_fs = 1ull << 63;
	plans[1].limits = &limit, plans[1].limit_count = 1;
	plans[2].filters = &bad, plans[2].filter_count = 1;
	plans[3].filters = &listener, plans[3].filter_count = 1;
	start(&worker, NULL);
	for (int i = 0; i < 4; i++) {
		CHECK_NUMBER(process_restrict(&plans[i], &failure), -1);
		CHECK_NUMBER(failure.step, steps[i]);
		CHECK(is_free());
		CHECK_NUMBER(ask(&worker), 'r');
	}
	stop(&worker);
}

/* A filter that ends who installs it ends the rehearsal. */
static void test_deadly_filter(void)
{
	static struct sock_filter kill_all[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS) };
	struct plan plan = plan_of(0);
	struct failure failure;

	NEED_ABI(1);
	plan.filters = filters_of(kill_all, 1);
	plan.filter_count = 1;
	CHECK_NUMBER(process_restrict(&plan, &failure), -1);
	CHECK(failure.step == STEP_FILTER && failure.error == EPERM);
	CHECK(is_free());
}

static void test_too_many_domains(void)
{
	struct plan plan = plan_of(0);
	struct failure failure = { 0 };
	struct worker worker;
	int domains = 0;

	NEED_ABI(1);
	start(&worker, NULL);
	while (!process_restrict(&plan, &failure))
		domains++;
	CHECK(domains > 0 && failure.step == STEP_RESTRICT && failure.error == E2BIG);
	CHECK_NUMBER(ask(&worker), 'x');
	stop(&worker);
}

/* After the rehearsal one thread fails: there is nothing left but to end. */
static void test_partial(void)
{
	struct plan plan = plan_of(0);
	int words[2], status;
	char text[200] = "";

	NEED_ABI(1);
	CHECK(!pipe(words));
	pid_t pid = fork();
	if (pid == 0) {
		struct worker worker;

		dup2(words[1], STDERR_FILENO);
		start(&worker, NULL);
		refused_thread = gettid();
		restrict_to(&plan);
		_exit(0);
	}
	close(words[1]);
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	CHECK(read(words[0], text, sizeof text - 1) > 0 && !strncmp(text, "nono: ", 6));
}

/* no_new_privs beforehand, which the real flag would pass on to all threads. */
static void test_together(void)
{
	struct plan plan = plan_of(0);
	struct worker worker;

	NEED_ABI(1);
	CHECK(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	has_tsync = true;
	start(&worker, NULL);
	restrict_to(&plan);
	CHECK_NUMBER(together_calls, 1); /* the rehearsal's was in another process */
	CHECK_NUMBER(signals_sent, 0);
	CHECK(!can_read());

	plan = plan_of(PLAN_DROP_CAPABILITIES); /* which no flag passes on */
	restrict_to(&plan);
	CHECK_NUMBER(together_calls, 2);
	CHECK_NUMBER(signals_sent, 1);
	stop(&worker);
}

static void *restrict_too(void *unused)
{
	struct plan plan = plan_of(0);
	struct failure failure;

	if (process_restrict(&plan, &failure)) {
		CHECK_NUMBER(failure.step, STEP_THREADS);
		CHECK_NUMBER(failure.error, EBUSY);
	}
	return unused;
}

static void test_at_once(void)
{
	pthread_t others[4];

	NEED_ABI(1);
	plan_of(0); /* fills what all of them use */
	for (int i = 0; i < 4; i++)
		CHECK(!pthread_create(&others[i], NULL, restrict_too, NULL));
	for (int i = 0; i < 4; i++)
		CHECK(!pthread_join(others[i], NULL));
	CHECK(!can_read());
}

/* libc uses the same signal, and waits for what its own handler does. */
static void *change_user(void *unused)
{
	while (!enough)
		CHECK(!setuid(getuid()));
	return unused;
}

static void test_setuid_meanwhile(void)
{
	struct plan plan = plan_of(0);
	struct worker worker;
	pthread_t changer;

	NEED_ABI(1);
	start(&worker, NULL);
	CHECK(!pthread_create(&changer, NULL, change_user, NULL));
	for (int i = 0; i < 10; i++)
		restrict_to(&plan);
	enough = true;
	CHECK(!pthread_join(changer, NULL));
	CHECK_NUMBER(ask(&worker), 'x');
	stop(&worker);
}

static const struct test tests[] = {
	TEST(test_alone, "restricts a process with one thread, without a signal"),
	TEST(test_workers, "restricts threads that block every signal they can"),
	TEST(test_out_of_reach, "refuses a process with a thread that cannot be reached, and leaves it free"),
	TEST(test_made_meanwhile, "restricts threads that are made meanwhile"),
	TEST(test_all_of_it, "gives all threads filters and no_new_privs, and takes their capabilities"),
	TEST(test_failures_free, "leaves everything free where a step fails"),
	TEST(test_deadly_filter, "leaves everything free where a filter kills"),
	TEST(test_too_many_domains, "refuses one domain too many, and keeps those that are"),
	TEST(test_partial, "ends the process of which only a part could be restricted"),
	TEST(test_together, "lets the kernel restrict all threads where it can"),
	TEST(test_at_once, "restricts for one of several threads that ask at once"),
	TEST(test_setuid_meanwhile, "does not stand in the way of setuid"),
};

int main(void)
{
	return RUN(tests);
}
