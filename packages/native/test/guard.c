/*
 * The guardian and the kill of the tree. Nothing here sleeps: whether a process lives is asked of a
 * pipe, of which all processes below the guardian hold the writing end and nobody else does, so its
 * end of file is the end of the last of them.
 */
#include "../src/launch/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>

#include "../include/status.h"
#include "check.h"

struct session {
	int status;     /* what the guardian tells; closed: nono is gone */
	int alive;      /* end of file: nothing is left below the guardian */
	int words;      /* what the command says, one letter each */
	int say;        /* the command's end of it */
	int hold;       /* the tree's end of alive */
	int report;     /* in the command: closed by execve(2), which these tests do not call */
	pid_t guardian;
};

static void say(const struct session *session, char word)
{
	CHECK(write(session->say, &word, 1) == 1);
}

static char next_word(const struct session *session)
{
	char word = 0;
	struct pollfd ready = { .fd = session->words, .events = POLLIN };

	CHECK(poll(&ready, 1, 120000) == 1);
	return read(session->words, &word, 1) == 1 ? word : 0;
}

static bool ends(int pipe_)
{
	char none;
	struct pollfd ready = { .fd = pipe_, .events = POLLIN };

	return poll(&ready, 1, 50000) == 1 && read(pipe_, &none, 1) == 0;
}

static bool is_alive(int pipe_)
{
	struct pollfd ready = { .fd = pipe_, .events = POLLIN };

	return poll(&ready, 1, 0) == 0;
}

static void open_session(struct session *session, int *status)
{
	int ends_[2];

	CHECK(!pipe2(ends_, O_CLOEXEC));
	session->status = ends_[0];
	*status = ends_[1];
	CHECK(!pipe2(ends_, O_CLOEXEC));
	session->alive = ends_[0];
	session->hold = ends_[1];
	CHECK(!pipe2(ends_, O_CLOEXEC));
	session->words = ends_[0];
	session->say = ends_[1];
}

/* What nono-launch does with PLAN_GUARD, with a function in place of the program. */
static _Noreturn void guard(struct session *session, int status, uint32_t flags, void (*command)(struct session *))
{
	struct plan plan = { .flags = PLAN_GUARD | PLAN_DEATH_SIGNAL | flags };
	struct channels channels = { .plan = -1, .status = status, .listener = -1 };
	struct failure failure;
	struct guard guard_;

	close(session->status);
	close(session->alive);
	close(session->words);
	pid_t pid = guard_fork(&guard_, &plan, &channels, &failure);
	if (pid > 0)
		_exit(guard_watch(&guard_));
	CHECK(pid == 0 && !session_enter(&plan, &failure));
	session->report = channels.status;
	command(session);
	_exit(0);
}

static struct session start(uint32_t flags, void (*command)(struct session *))
{
	struct session session;
	int status;

	open_session(&session, &status);
	session.guardian = fork();
	if (session.guardian == 0)
		guard(&session, status, flags, command);
	close(status);
	close(session.hold);
	close(session.say);
	return session;
}

static struct status next_record(const struct session *session)
{
	struct status record = { 0 };

	CHECK(read(session->status, &record, sizeof record) == sizeof record);
	return record;
}

static int exit_code(const struct session *session)
{
	int status;

	CHECK(waitpid(session->guardian, &status, 0) == session->guardian && WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void executed(struct session *session)
{
	close(session->report);
}

static _Noreturn void wait_forever(void)
{
	for (;;)
		pause();
}

static void exit_seven(struct session *session)
{
	executed(session);
	_exit(7);
}

static void test_exit(void)
{
	struct session session = start(0, exit_seven);
	struct status record = next_record(&session);

	CHECK_NUMBER(record.kind, STATUS_STARTED);
	CHECK(record.value > 1 && record.value != session.guardian);
	record = next_record(&session);
	CHECK_NUMBER(record.kind, STATUS_EXITED);
	CHECK_NUMBER(record.value, 7 << 8);
	CHECK(ends(session.status));
	CHECK_NUMBER(exit_code(&session), 7);
}

static void kill_itself(struct session *session)
{
	executed(session);
	raise(SIGKILL);
}

static void test_signalled(void)
{
	struct session session = start(0, kill_itself);

	CHECK_NUMBER(next_record(&session).kind, STATUS_STARTED);
	CHECK_NUMBER(next_record(&session).value, SIGKILL);
	CHECK_NUMBER(exit_code(&session), 128 + SIGKILL);
}

static void fail(struct session *session)
{
	struct status record = { .kind = STATUS_FAILED, .step = STEP_EXECUTE, .value = ENOENT };

	CHECK(write(session->report, &record, sizeof record) == sizeof record);
	_exit(EXIT_NOT_EXECUTED);
}

static void test_failed(void)
{
	struct session session = start(0, fail);
	struct status record = next_record(&session);

	CHECK(record.kind == STATUS_FAILED && record.step == STEP_EXECUTE && record.value == ENOENT);
	CHECK(ends(session.status));
	CHECK_NUMBER(exit_code(&session), EXIT_NOT_EXECUTED);
}

/*
 * Twice forked, in a session of its own, deaf to what can be ignored: out of reach of a terminal, a
 * group or a parent.
 */
static void daemonize(int ready)
{
	if (fork() > 0)
		return;
	setsid();
	if (fork() > 0)
		_exit(0);
	for (int number = 1; number < 32; number++)
		signal(number, SIG_IGN);
	CHECK(write(ready, "", 1) == 1);
	wait_forever();
}

static void leave_daemons(struct session *session)
{
	int ready[2];
	char byte;

	CHECK(!pipe(ready));
	executed(session);
	for (int i = 0; i < 5; i++)
		daemonize(ready[1]);
	for (int i = 0; i < 5; i++)
		CHECK(read(ready[0], &byte, 1) == 1);
	say(session, 'd');
}

static void test_daemons(void)
{
	struct session session = start(0, leave_daemons);

	CHECK_NUMBER(next_word(&session), 'd');
	CHECK_NUMBER(exit_code(&session), 0);
	CHECK(ends(session.alive));
}

/* The control: without a guardian a daemon outlives the command. */
static void test_daemons_unguarded(void)
{
	struct session session;
	int status;

	open_session(&session, &status);
	CHECK(!prctl(PR_SET_CHILD_SUBREAPER, 1)); /* so that this test can end what it starts */
	pid_t command = fork();
	if (command == 0) {
		session.report = status;
		leave_daemons(&session);
		_exit(0);
	}
	close(session.hold);
	CHECK(waitpid(command, NULL, 0) == command);
	CHECK_NUMBER(next_word(&session), 'd');
	CHECK(is_alive(session.alive));

	int processes = open("/proc", O_RDONLY | O_DIRECTORY);
	do
		tree_kill(processes);
	while (waitpid(-1, NULL, 0) > 0);
	CHECK(ends(session.alive));
}

static void stay_with_daemons(struct session *session)
{
	leave_daemons(session);
	wait_forever();
}

static void test_nono_gone(void)
{
	struct session session = start(0, stay_with_daemons);

	CHECK_NUMBER(next_record(&session).kind, STATUS_STARTED);
	CHECK_NUMBER(next_word(&session), 'd');
	CHECK(is_alive(session.alive));
	close(session.status);
	CHECK(ends(session.alive));
	CHECK_NUMBER(exit_code(&session), 128 + SIGKILL);
}

/* Also before the command was executed. */
static void never_execute(struct session *session)
{
	say(session, 'r');
	wait_forever();
}

static void test_nono_gone_early(void)
{
	struct session session = start(0, never_execute);

	CHECK_NUMBER(next_word(&session), 'r');
	close(session.status);
	CHECK(ends(session.alive));
}

static void stop_itself(struct session *session)
{
	executed(session);
	say(session, 's');
	raise(SIGSTOP);
}

static void test_stopped(void)
{
	struct session session = start(0, stop_itself);

	CHECK_NUMBER(next_word(&session), 's');
	close(session.status);
	CHECK(ends(session.alive));
}

#define BOMB_SIZE 100

/*
 * Each starts its successor and ends, so that a list of them is never right. Gives up, should the
 * guardian not succeed.
 */
static void run_away(time_t end)
{
	while (time(NULL) < end)
		if (fork() > 0)
			break;
	_exit(0);
}

static void explode(struct session *session)
{
	time_t end = time(NULL) + 60;

	executed(session);
	for (int i = 0; i < BOMB_SIZE; i++)
		if (fork() == 0)
			run_away(end);
	say(session, 'b');
	wait_forever();
}

static void test_bomb(void)
{
	struct session session = start(0, explode);

	CHECK_NUMBER(next_word(&session), 'b');
	CHECK(is_alive(session.alive));
	close(session.status);
	CHECK(ends(session.alive));
}

/*
 * Each has a child that lives: killed from the top it loses a level while it may grow one. Bounded,
 * should nobody kill it.
 */
static void go_down(struct session *session)
{
	executed(session);
	for (int depth = 0; depth < 1000; depth++) {
		if (depth == 100)
			say(session, 'd');
		if (fork() > 0)
			break;
	}
	wait_forever();
}

static void test_deep(void)
{
	struct session session = start(0, go_down);

	CHECK_NUMBER(next_word(&session), 'd');
	close(session.status);
	CHECK(ends(session.alive));
}

/*
 * The guardian is killed itself: the command goes with it. What it leaves is the business of the
 * next subreaper.
 */
static void wait_only(struct session *session)
{
	executed(session);
	say(session, 'w');
	wait_forever();
}

static void test_guardian_killed(void)
{
	struct session session = start(0, wait_only);

	CHECK_NUMBER(next_word(&session), 'w');
	CHECK(!kill(session.guardian, SIGKILL));
	CHECK(ends(session.alive));
}

/*
 * A pipe that somebody reads to its end: the guardian must not keep it open when the command has
 * closed it.
 */
static void close_words(struct session *session)
{
	executed(session);
	close(session->say);
	wait_forever();
}

static void test_holds_nothing(void)
{
	struct session session = start(0, close_words);

	CHECK_NUMBER(next_record(&session).kind, STATUS_STARTED);
	CHECK(ends(session.words));
	CHECK(is_alive(session.alive));
	close(session.status);
	CHECK(ends(session.alive));
}

static int letters_of;

static void say_signal(int number)
{
	char letter = number == SIGINT ? 'I' : number == SIGUSR1 ? 'U' : number == SIGTERM ? 'T' : '?';

	(void)!write(letters_of, &letter, 1);
}

static void listen_to_signals(struct session *session)
{
	letters_of = session->say;
	signal(SIGINT, say_signal);
	signal(SIGUSR1, say_signal);
	signal(SIGTERM, say_signal);
	executed(session);
	say(session, 'l');
	wait_forever();
}

static void test_relayed(void)
{
	struct session session = start(0, listen_to_signals);

	CHECK_NUMBER(next_word(&session), 'l');
	CHECK(!kill(session.guardian, SIGINT));
	CHECK_NUMBER(next_word(&session), 'I');
	CHECK(!kill(session.guardian, SIGTERM));
	CHECK_NUMBER(next_word(&session), 'T');
	close(session.status);
	CHECK(ends(session.alive));
}

/*
 * ^C goes to the whole foreground group. That the guardian has dealt with its own copy is known
 * when it passes on a signal that was sent later and comes later in its queue (signalfd gives the
 * lowest number first).
 */
static void press_ctrl_c(uint32_t flags, const char *expected)
{
	struct session session;
	int status, terminal;

	open_session(&session, &status);
	session.guardian = forkpty(&terminal, NULL, NULL, NULL);
	if (session.guardian == 0)
		guard(&session, status, flags, listen_to_signals);
	close(status);
	close(session.hold);
	close(session.say);
	CHECK_NUMBER(next_word(&session), 'l');
	CHECK(write(terminal, "\003", 1) == 1);
	CHECK_NUMBER(next_word(&session), expected[0]);
	CHECK(!kill(session.guardian, SIGUSR1));
	CHECK_NUMBER(next_word(&session), expected[1]);
	close(session.status);
	CHECK(ends(session.alive));
}

static void test_terminal_once(void)
{
	press_ctrl_c(0, "IU");
}

/* In a session of its own the command gets nothing from our terminal but by us. */
static void test_terminal_elsewhere(void)
{
	press_ctrl_c(PLAN_NEW_SESSION, "IU");
}

static const struct test tests[] = {
	TEST(test_exit, "tells the start, and the end of the command with its code"),
	TEST(test_signalled, "tells the signal that ended the command, and exits with 128 and it"),
	TEST(test_failed, "passes on the failure of a command that was not executed"),
	TEST(test_daemons, "kills daemons when the command ends"),
	TEST(test_daemons_unguarded, "control: daemons without a guardian live on"),
	TEST(test_nono_gone, "kills the command and its daemons when nono ends"),
	TEST(test_nono_gone_early, "kills the launcher when nono ends before the command is executed"),
	TEST(test_stopped, "kills a command that is stopped"),
	TEST(test_bomb, "kills a tree that forks all the time"),
	TEST(test_deep, "kills a tree that grows downwards"),
	TEST(test_guardian_killed, "takes the command along when it is killed"),
	TEST(test_holds_nothing, "keeps no descriptor of the command open"),
	TEST(test_relayed, "passes on what a process sends"),
	TEST(test_terminal_once, "does not pass on what the terminal has sent to the command already"),
	TEST(test_terminal_elsewhere, "passes on what the terminal sends when the command is in another session"),
};

int main(void)
{
	return RUN(tests);
}
