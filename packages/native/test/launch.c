/*
 * nono-launch as a program: what it is called with, in which order it works, and how it hands a
 * listener over.
 */
#include "../include/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "../include/status.h"
#include "check.h"
#include "encode.h"

#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438 /* Linux 5.6 */
#endif

enum { PLAN_FD = 50, STATUS_FD = 51, LISTENER_FD = 52 };

struct launched {
	pid_t pid;
	int status;
	int listener; /* our end */
};

static int memory_of(const struct buffer *buffer)
{
	int file = memfd_create("plan", MFD_CLOEXEC);

	CHECK(file >= 0 && write(file, buffer->bytes, buffer->length) == (ssize_t)buffer->length);
	return file;
}

/* The launcher with these arguments, and with its descriptors where PLAN_FD and the others say. */
static struct launched launch_with(char **arguments, int plan)
{
	struct launched launched;
	int status[2], listener[2];

	CHECK(!pipe2(status, O_CLOEXEC) && !socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, listener));
	launched.status = status[0];
	launched.listener = listener[0];
	launched.pid = fork();
	if (launched.pid == 0) {
		dup2(plan, PLAN_FD);
		dup2(status[1], STATUS_FD);
		dup2(listener[1], LISTENER_FD);
		execv(getenv("NONO_LAUNCH"), arguments);
		_exit(99);
	}
	close(status[1]);
	close(listener[1]);
	return launched;
}

static struct launched launch(const struct plan *plan)
{
	static char *arguments[] = { "nono-launch", "50", "51", "52", NULL };
	struct buffer buffer = encode(plan);
	int file = memory_of(&buffer);

	free(buffer.bytes);
	if (plan->filter_count == 0)
		arguments[3] = NULL;
	struct launched launched = launch_with(arguments, file);
	close(file);
	return launched;
}

static int code_of(const struct launched *launched)
{
	int status;

	CHECK(waitpid(launched->pid, &status, 0) == launched->pid && WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* One failure, the code that belongs to it, and nothing else. */
static struct status failure_of(const struct launched *launched)
{
	struct status record = { 0 }, none;

	CHECK(read(launched->status, &record, sizeof record) == sizeof record);
	CHECK(read(launched->status, &none, sizeof none) == 0);
	CHECK_NUMBER(record.kind, STATUS_FAILED);
	CHECK_NUMBER(code_of(launched), record.step == STEP_EXECUTE ? EXIT_NOT_EXECUTED : EXIT_NOT_STARTED);
	return record;
}

static void expect_success(const struct launched *launched)
{
	struct status none;

	CHECK(read(launched->status, &none, sizeof none) == 0);
	CHECK_NUMBER(code_of(launched), 0);
}

static char *true_argv[] = { "true" };

static struct plan command(const char *path)
{
	return (struct plan){ .path = text_of(path), .argv = true_argv, .argc = 1 };
}

static struct plan shell(char *script)
{
	static char *argv[] = { "sh", "-c", NULL };

	argv[2] = script;
	return (struct plan){ .path = text_of("/bin/sh"), .argv = argv, .argc = 3 };
}

static void test_success(void)
{
	struct plan plan = command("/bin/true");
	struct launched launched = launch(&plan);

	expect_success(&launched);
}

static void test_arguments(void)
{
	static char *wrong[][5] = {
		{ "nono-launch", "x", "51" },  { "nono-launch", "-1", "51" },    { "nono-launch", "2", "51" },
		{ "nono-launch", "050", "51" }, { "nono-launch", "50 ", "51" },   { "nono-launch", "", "51" },
		{ "nono-launch", "51", "51" }, { "nono-launch", "9999999", "51" }, { "nono-launch", "50", "51", "50" },
		{ "nono-launch", "50", "51", "51" }, { "nono-launch", "50", "51", "999" },
	};
	struct plan plan = command("/bin/true");
	struct buffer buffer = encode(&plan);
	int file = memory_of(&buffer);

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct launched launched = launch_with(wrong[i], file);

		CHECK_NUMBER(failure_of(&launched).step, STEP_ARGUMENTS);
	}
	free(buffer.bytes);
}

/* Without a status descriptor there is still the exit code. */
static void test_unheard(void)
{
	static char *wrong[][5] = {
		{ "nono-launch" }, { "nono-launch", "50" }, { "nono-launch", "50", "1" }, { "nono-launch", "50", "51x" },
		{ "nono-launch", "50", "51", "52", "53" },
	};

	CHECK(dup2(open("/dev/null", O_WRONLY), STDERR_FILENO) == STDERR_FILENO);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct launched launched = launch_with(wrong[i], STDIN_FILENO);

		CHECK_NUMBER(code_of(&launched), EXIT_NOT_STARTED);
	}
}

static void test_reader_gone(void)
{
	struct plan plan = command("/nowhere");
	static char *arguments[] = { "nono-launch", "50", "51", NULL };
	struct buffer buffer = encode(&plan);
	int file = memory_of(&buffer), status[2];

	CHECK(!pipe(status));
	close(status[0]);
	pid_t pid = fork();
	if (pid == 0) {
		dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
		dup2(file, PLAN_FD);
		dup2(status[1], STATUS_FD);
		execv(getenv("NONO_LAUNCH"), arguments);
	}
	struct launched launched = { .pid = pid };
	CHECK_NUMBER(code_of(&launched), EXIT_NOT_EXECUTED);
	free(buffer.bytes);
}

static void test_plan_unreadable(void)
{
	static char *arguments[] = { "nono-launch", "50", "51", NULL };
	struct buffer none = { 0 };
	int pipe_[2], big = memfd_create("big", MFD_CLOEXEC);
	struct launched launched;

	CHECK(!pipe(pipe_) && !ftruncate(big, PLAN_LENGTH_MAX + 1));
	launched = launch_with(arguments, pipe_[0]);
	CHECK_NUMBER(failure_of(&launched).step, STEP_PLAN_READ);
	launched = launch_with(arguments, memory_of(&none));
	CHECK_NUMBER(failure_of(&launched).step, STEP_PLAN_READ);
	launched = launch_with(arguments, big);
	CHECK_NUMBER(failure_of(&launched).value, E2BIG);
	CHECK(!ftruncate(big, 100));
	launched = launch_with(arguments, big);
	CHECK_NUMBER(failure_of(&launched).step, STEP_PLAN_DECODE);
}

static void test_without_command(void)
{
	struct plan plan = { 0 };
	struct launched launched = launch(&plan);

	CHECK_NUMBER(failure_of(&launched).step, STEP_PLAN_DECODE);
}

/*
 * A plan in which every step fails reports the first; with that one mended, the next. So the order
 * of status.h is the order in which things are done.
 */
static void test_order(void)
{
	static uint32_t closed[] = { 900 };
	static struct limit limits[] = { { 1000, 0, 0 } };
	static struct rule rules[] = { { 1, 0, { 0 } } };
	static struct port ports[] = { { 1ull << 40, 1 } };
	static struct sock_filter wrong[] = { BPF_STMT(0xffff, 0) }, allow[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	static struct filter filters[] = { { FILTER_LISTENER, { 1, wrong } } };
	struct plan plan = command("/nowhere");
	static const enum step order[] = { STEP_PARENT, STEP_DESCRIPTORS, STEP_TERMINAL, STEP_DIRECTORY, STEP_LIMIT,
					   STEP_RULESET_CREATE, STEP_RULE_OPEN, STEP_RULE_ADD, STEP_PORT_ADD, STEP_FILTER,
					   STEP_LISTENER, STEP_EXECUTE };

	NEED_ABI(4);
	CHECK(dup2(open("/dev/null", O_RDONLY), STDIN_FILENO) == STDIN_FILENO);
	rules[0].path = text_of("/nowhere");
	plan.flags = PLAN_NEW_SESSION | PLAN_CONTROLLING_TTY | PLAN_LANDLOCK | PLAN_DROP_CAPABILITIES | PLAN_DEATH_SIGNAL;
	plan.parent = 1;
	plan.descriptors = closed, plan.descriptor_count = 1;
	plan.cwd = text_of("/nowhere");
	plan.limits = limits, plan.limit_count = 1;
	plan.handled_fs = 1ull << 63, plan.handled_net = 1;
	plan.rules = rules, plan.rule_count = 1;
	plan.ports = ports, plan.port_count = 1;
	plan.filters = filters, plan.filter_count = 1;

	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		struct launched launched = launch(&plan);

		if (order[i] == STEP_LISTENER)
			shutdown(launched.listener, SHUT_WR);
		CHECK_NUMBER(failure_of(&launched).step, order[i]);
		switch (order[i]) { /* mend it */
		case STEP_PARENT: plan.parent = (uint32_t)getpid(); break;
		case STEP_DESCRIPTORS: plan.descriptor_count = 0; break;
		case STEP_TERMINAL: plan.flags &= ~(uint32_t)PLAN_CONTROLLING_TTY; break;
		case STEP_DIRECTORY: plan.cwd.length = 0, plan.cwd.bytes = ""; break;
		case STEP_LIMIT: plan.limit_count = 0; break;
		case STEP_RULESET_CREATE: plan.handled_fs = 1; break;
		case STEP_RULE_OPEN: rules[0].path = text_of("/"), rules[0].rights = 0; break;
		case STEP_RULE_ADD: rules[0].rights = 1; break;
		case STEP_PORT_ADD: plan.port_count = 0; break;
		case STEP_FILTER: filters[0].program.filter = allow; break;
		case STEP_LISTENER: filters[0].flags = 0; break;
		default: plan.path = text_of("/bin/true"), plan.rules[0].rights = 1; break;
		}
	}
}

static void test_no_shell(void)
{
	char path[] = "/tmp/nono-launch-XXXXXX";
	int file = mkstemp(path);

	CHECK(file >= 0 && write(file, "exit 0\n", 7) == 7 && !fchmod(file, 0755) && !close(file));
	struct plan plan = command(path);
	struct launched launched = launch(&plan);
	struct status record = failure_of(&launched);
	unlink(path);
	CHECK(record.step == STEP_EXECUTE && record.value == ENOEXEC);
}

static void test_descriptors(void)
{
	static uint32_t keep[] = { 60, 62 };
	struct plan plan = shell("cd /proc/self/fd && test -e 60 && test -e 62 || exit 1\n"
				 "for n in 50 51 52 61 63; do test ! -e $n || exit 2; done");

	plan.descriptors = keep;
	plan.descriptor_count = 2;
	for (int number = 60; number <= 63; number++)
		CHECK(dup2(STDIN_FILENO, number) == number);
	struct launched launched = launch(&plan);
	expect_success(&launched);
}

static void test_own_descriptors(void)
{
	static uint32_t ours[] = { PLAN_FD };
	struct plan plan = command("/bin/true");

	plan.descriptors = ours;
	plan.descriptor_count = 1;
	for (; ours[0] <= STATUS_FD; ours[0]++) {
		struct launched launched = launch(&plan);
		struct status record = failure_of(&launched);

		CHECK(record.step == STEP_DESCRIPTORS && record.index == ours[0] && record.value == EBUSY);
	}
}

static void test_environment(void)
{
	static char *environment[] = { "ONLY=this" };
	struct plan plan = shell("test \"$ONLY\" = this && test -z \"$SECRET\"");

	CHECK(!setenv("SECRET", "1", 1));
	plan.environment = environment;
	plan.environment_count = 1;
	struct launched launched = launch(&plan);
	expect_success(&launched);
}

static void test_standard_closed(void)
{
	struct plan plan = shell("test -e /proc/self/fd/0 && test -e /proc/self/fd/1 && test -e /proc/self/fd/2");

	close(0);
	close(2);
	struct launched launched = launch(&plan);
	expect_success(&launched);
}

/* The masks of proc_pid_status(5), of the command: bit 0 is signal 1. */
static void test_signals(void)
{
	struct plan plan = shell("grep -q '^SigBlk:.0*$' /proc/self/status || exit 1\n"
				 "grep -q '^SigIgn:.0000000000000001$' /proc/self/status || exit 2");
	sigset_t all;

	sigfillset(&all);
	CHECK(!sigprocmask(SIG_SETMASK, &all, NULL));
	for (int number = 1; number <= 64; number++)
		if (number != SIGINT && number != SIGQUIT)
			signal(number, number == SIGCHLD ? SIG_DFL : SIG_IGN);
	struct launched launched = launch(&plan);
	expect_success(&launched);
}

static void test_standard_blocking(void)
{
	struct plan plan = shell("grep -q '^flags:.*[4567]...$' /proc/self/fdinfo/0 && exit 1; exit 0");
	int pipe_[2];

	CHECK(!pipe2(pipe_, O_NONBLOCK) && dup2(pipe_[0], STDIN_FILENO) == STDIN_FILENO);
	CHECK(fcntl(STDIN_FILENO, F_GETFL) & O_NONBLOCK);
	struct launched launched = launch(&plan);
	expect_success(&launched);
	CHECK(!(fcntl(STDIN_FILENO, F_GETFL) & O_NONBLOCK));
}

/* The line that a person gets: from a launcher that has nobody to report to. */
static void expect_line(const struct plan *plan, char *status, const char *line)
{
	static char *arguments[] = { "nono-launch", "50", NULL, NULL };
	struct buffer buffer = encode(plan);
	char found[200] = "";
	int words[2];

	arguments[2] = status;
	CHECK(!pipe(words) && dup2(words[1], STDERR_FILENO) == STDERR_FILENO && !close(words[1]));
	struct launched launched = launch_with(arguments, memory_of(&buffer));
	CHECK(dup2(open("/dev/null", O_WRONLY), STDERR_FILENO) == STDERR_FILENO);
	code_of(&launched);
	CHECK(read(words[0], found, sizeof found - 1) >= 0);
	if (strcmp(found, line))
		printf("# %s", found);
	CHECK(!strcmp(found, line));
	free(buffer.bytes);
}

static void test_spoken(void)
{
	static struct rule rule;
	struct plan plan = command("/nowhere\033[31m");

	NEED_ABI(1);
	expect_line(&plan, "stderr", "nono: cannot execute /nowhere?[31m: it, or what it is to be run by, does not exist\n");
	expect_line(&plan, "quiet", "");
	rule.path = text_of("/missing");
	plan.flags = PLAN_LANDLOCK;
	plan.handled_fs = 1;
	plan.rules = &rule, plan.rule_count = 1;
	expect_line(&plan, "stderr", "nono: cannot open a granted path /missing: No such file or directory\n");
	plan.flags |= PLAN_GUARD;
	expect_line(&plan, "stderr", "nono: cannot guard the command: Invalid argument\n");
}

/* uname(2) is trapped; everything else goes on. */
static struct sock_filter trap_uname[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_uname, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};

static struct plan trapped(uint32_t flags)
{
	static struct filter filters[] = { { FILTER_LISTENER, { 4, trap_uname } } };
	struct plan plan = shell("uname 2>/dev/null; test $? = 1");

	plan.flags = flags;
	plan.filters = filters;
	plan.filter_count = 1;
	return plan;
}

/* The supervisor's side of launch.h: the number, and with SO_PASSCRED the pid of who wrote it. */
static int receive_listener(int channel, pid_t *sender)
{
	union {
		char bytes[CMSG_SPACE(sizeof(struct ucred))];
		struct cmsghdr header;
	} control;
	int32_t number = -1;
	struct iovec part = { &number, sizeof number };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
				  .msg_controllen = sizeof control };

	CHECK(recvmsg(channel, &message, 0) == sizeof number);
	*sender = ((struct ucred *)(void *)CMSG_DATA(&control.header))->pid;
	int process = (int)syscall(SYS_pidfd_open, *sender, 0L);
	int listener = (int)syscall(SYS_pidfd_getfd, process, number, 0L);
	CHECK(process >= 0 && listener >= 0);
	close(process);
	return listener;
}

static void pass_credentials(int channel)
{
	int yes = 1;

	CHECK(!setsockopt(channel, SOL_SOCKET, SO_PASSCRED, &yes, sizeof yes));
}

static void refuse_uname(int listener)
{
	struct seccomp_notif call = { 0 };

	CHECK(!ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call));
	CHECK_NUMBER(call.data.nr, SYS_uname);
	struct seccomp_notif_resp answer = { .id = call.id, .error = -EPERM };
	CHECK(!ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer));
}

static void test_listener(void)
{
	struct plan plan = trapped(0);
	struct launched launched = launch(&plan);
	pid_t sender;

	pass_credentials(launched.listener);
	int listener = receive_listener(launched.listener, &sender);
	CHECK_NUMBER(sender, launched.pid);
	CHECK(write(launched.listener, "", 1) == 1);
	refuse_uname(listener);
	expect_success(&launched);
}

static void test_listener_guarded(void)
{
	struct plan plan = trapped(PLAN_GUARD);
	struct launched launched = launch(&plan);
	struct status record;
	pid_t sender;

	pass_credentials(launched.listener);
	int listener = receive_listener(launched.listener, &sender);
	CHECK(sender != launched.pid);
	CHECK(write(launched.listener, "", 1) == 1);
	refuse_uname(listener);
	CHECK(read(launched.status, &record, sizeof record) == sizeof record);
	CHECK(record.kind == STATUS_STARTED && record.value == sender);
	CHECK(read(launched.status, &record, sizeof record) == sizeof record);
	CHECK(record.kind == STATUS_EXITED && record.value == 0);
	CHECK_NUMBER(code_of(&launched), 0);
}

static void test_listener_unanswered(void)
{
	struct plan plan = trapped(0);
	struct launched launched = launch(&plan);
	int32_t number;

	CHECK(read(launched.listener, &number, sizeof number) == sizeof number);
	close(launched.listener);
	struct status record = failure_of(&launched);
	CHECK(record.step == STEP_LISTENER && record.value == EPIPE);
}

static void test_listener_without_channel(void)
{
	static char *arguments[] = { "nono-launch", "50", "51", NULL };
	struct plan plan = trapped(0);
	struct buffer buffer = encode(&plan);
	struct launched launched = launch_with(arguments, memory_of(&buffer));

	CHECK_NUMBER(failure_of(&launched).step, STEP_LISTENER);
	free(buffer.bytes);
}

static const struct test tests[] = {
	TEST(test_success, "says nothing when the command is executed"),
	TEST(test_arguments, "refuses wrong numbers, and a number twice"),
	TEST(test_unheard, "exits with 126 where it cannot say why"),
	TEST(test_reader_gone, "keeps its exit code when nobody reads"),
	TEST(test_plan_unreadable, "refuses a plan that is no file, empty or too large"),
	TEST(test_without_command, "refuses a plan without a command"),
	TEST(test_order, "does its steps in the order of status.h, and stops at the first that fails"),
	TEST(test_no_shell, "does not give a file without a format to a shell"),
	TEST(test_descriptors, "leaves open what the plan lists, and nothing else"),
	TEST(test_own_descriptors, "refuses to pass its own descriptors on"),
	TEST(test_environment, "gives the command the environment of the plan, and nothing of its own"),
	TEST(test_standard_closed, "opens standard descriptors that are closed"),
	TEST(test_standard_blocking, "makes standard descriptors blocking"),
	TEST(test_signals, "makes ignored signals default but for nohup's, and the mask empty"),
	TEST(test_spoken, "tells a person in one harmless line what failed, or nothing"),
	TEST(test_listener, "hands a listener over before anything is trapped"),
	TEST(test_listener_guarded, "hands a listener over from below a guardian"),
	TEST(test_listener_unanswered, "does not execute when the listener was not taken"),
	TEST(test_listener_without_channel, "refuses a listener that nobody can take"),
};

int main(void)
{
	return RUN(tests);
}
