/*
 * A supervisor and a process that it answers for, without a launcher and without Landlock: what it lets go on natively
 * succeeds, so that one sees what it decides.
 */
#include "../src/supervise/supervisor.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>

#include "../src/supervise/table.h"
#include "check.h"
#include "encode-table.h"

#define TRAP(number) \
	{ BPF_JMP | BPF_JEQ | BPF_K, 0, 1, number }, { BPF_RET | BPF_K, 0, 0, SECCOMP_RET_USER_NOTIF }

static struct sock_filter instructions[] = {
	{ BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr) },
	TRAP(SYS_openat),
	TRAP(SYS_mkdirat),
	TRAP(SYS_fchmodat),
	TRAP(SYS_unlinkat),
	TRAP(SYS_sendmsg),
	{ BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW },
};

/* What the supervisor told, and how it is answered. */
struct seen {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	struct supervisor *supervisor;
	uint32_t tickets[8192];
	unsigned int asked, withdrawn, ended;
};

static void on_request(void *context, const struct request_event *event)
{
	struct seen *seen = context;

	pthread_mutex_lock(&seen->mutex);
	seen->tickets[seen->asked++] = event->ticket;
	pthread_cond_broadcast(&seen->changed);
	pthread_mutex_unlock(&seen->mutex);
}

static void on_withdrawn(void *context, uint32_t ticket)
{
	struct seen *seen = context;

	(void)ticket;
	pthread_mutex_lock(&seen->mutex);
	seen->withdrawn++;
	pthread_cond_broadcast(&seen->changed);
	pthread_mutex_unlock(&seen->mutex);
}

static void on_ended(void *context, int error)
{
	struct seen *seen = context;

	(void)error;
	pthread_mutex_lock(&seen->mutex);
	seen->ended++;
	pthread_cond_broadcast(&seen->changed);
	pthread_mutex_unlock(&seen->mutex);
}

static void wait_until(struct seen *seen, const unsigned int *counter, unsigned int least)
{
	pthread_mutex_lock(&seen->mutex);
	while (*counter < least)
		pthread_cond_wait(&seen->changed, &seen->mutex);
	pthread_mutex_unlock(&seen->mutex);
}

/* A process that makes trapped calls in `act`, and its supervisor. */
struct scene {
	struct seen seen;
	pid_t child;
	char directory[32]; /* with `file`, which is served on behalf but for `secret` */
};

/* As the launcher does it. */
static void trap(int channel)
{
	struct sock_fprog program = { sizeof instructions / sizeof *instructions, instructions };
	char byte;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		_exit(90);
	int32_t listener = (int32_t)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
					    SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &program);
	if (listener < 0 || write(channel, &listener, sizeof listener) != sizeof listener || read(channel, &byte, 1) != 1)
		_exit(91);
	close(listener);
	close(channel);
}

static void begin(struct scene *scene, int (*act)(void), uint32_t parked, uint32_t deadline)
{
	int channel[2], one = 1;
	size_t offset;

	strcpy(scene->directory, "/tmp/nono-supervise-XXXXXX");
	CHECK(mkdtemp(scene->directory) && !chdir(scene->directory));
	close(open("file", O_CREAT | O_WRONLY, 0600));
	close(open("secret", O_CREAT | O_WRONLY, 0600));
	char secret[64];
	snprintf(secret, sizeof secret, "%s/secret", scene->directory);
	struct table_rule rules[] = {
		{ .native = ACCESS_READ_FILE | ACCESS_READ_DIR, .path = "/usr" },
		{ .behalf = ~0ull, .path = scene->directory },
		{ .denied = ~0ull, .path = secret },
	};
	struct buffer table = encode_table(&(struct table_content){
		.rules = rules, .rule_count = 3, .parked = parked, .deadline = deadline });

	CHECK(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel));
	CHECK(!setsockopt(channel[0], SOL_SOCKET, SO_PASSCRED, &one, sizeof one));
	scene->child = fork();
	if (!scene->child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		trap(channel[1]);
		_exit(act());
	}
	close(channel[1]);
	pthread_mutex_init(&scene->seen.mutex, NULL);
	pthread_cond_init(&scene->seen.changed, NULL);
	struct supervisor_callbacks callbacks = { on_request, on_withdrawn, NULL, on_ended, &scene->seen };
	CHECK_NUMBER(supervisor_start(channel[0], table.bytes, table.length, &callbacks, &scene->seen.supervisor, &offset), 0);
	free(table.bytes);
}

static int ending(struct scene *scene)
{
	int status;

	CHECK(waitpid(scene->child, &status, 0) == scene->child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void tidy(struct scene *scene)
{
	supervisor_stop(scene->seen.supervisor);
	CHECK(!unlink("file") && !unlink("secret") && !rmdir(scene->directory));
}

/* The errno of an open; 0 when it succeeded. */
static int opening(const char *path, int flags)
{
	int file = (int)syscall(SYS_openat, AT_FDCWD, path, flags, 0600);

	if (file < 0)
		return errno;
	close(file);
	return 0;
}

static int opens_all_kinds(void)
{
	if (opening("/usr/bin/env", O_RDONLY))
		return 1;
	if (opening("file", O_RDWR))
		return 2;
	if (opening("new", O_RDWR | O_CREAT | O_EXCL) || unlink("new"))
		return 3;
	if (opening("nothing", O_RDONLY) != ENOENT)
		return 4;
	if (opening("secret", O_RDONLY) != EACCES)
		return 5;
	if (opening("/etc/passwd", O_RDONLY))
		return 6;
	return 0;
}

static void answers_and_asks(void)
{
	static struct scene scene;

	begin(&scene, opens_all_kinds, 10, 0);
	wait_until(&scene.seen, &scene.seen.asked, 1);
	CHECK_NUMBER(supervisor_answer(scene.seen.supervisor, scene.seen.tickets[0], ANSWER_ERROR, EACCES), 0);
	wait_until(&scene.seen, &scene.seen.asked, 2);
	CHECK_NUMBER(supervisor_answer(scene.seen.supervisor, scene.seen.tickets[1], ANSWER_PERFORM, 0), 0);
	CHECK_NUMBER(ending(&scene), 0);
	CHECK_NUMBER(supervisor_answer(scene.seen.supervisor, scene.seen.tickets[1], ANSWER_PERFORM, 0), ENOENT);
	struct supervisor_counts counts = supervisor_count(scene.seen.supervisor);
	CHECK_NUMBER(counts.received, counts.continued + counts.performed + 1);
	CHECK_NUMBER(counts.asked, 2);
	tidy(&scene);
}

static int asks_for_secret(void)
{
	return opening("secret", O_RDONLY) == EACCES ? 0 : 1;
}

static void refuses_after_the_deadline(void)
{
	static struct scene scene;

	begin(&scene, asks_for_secret, 10, 30);
	wait_until(&scene.seen, &scene.seen.withdrawn, 1);
	CHECK_NUMBER(ending(&scene), 0);
	CHECK_NUMBER(supervisor_count(scene.seen.supervisor).refused[REFUSED_DEADLINE], 1);
	tidy(&scene);
}

static void forgets_who_was_killed(void)
{
	static struct scene scene;

	begin(&scene, asks_for_secret, 10, 0);
	wait_until(&scene.seen, &scene.seen.asked, 1);
	CHECK(!kill(scene.child, SIGKILL));
	CHECK_NUMBER(ending(&scene), 128 + SIGKILL);
	wait_until(&scene.seen, &scene.seen.withdrawn, 1);
	CHECK_NUMBER(supervisor_count(scene.seen.supervisor).parked, 0);
	tidy(&scene);
}

static int asks_after_the_end(void)
{
	int error = opening("secret", O_RDONLY);

	while (error == EACCES)
		error = opening("secret", O_RDONLY);
	return error == ENOSYS ? 0 : 1;
}

static void refuses_all_that_waits_at_its_end(void)
{
	static struct scene scene;

	begin(&scene, asks_after_the_end, 10, 0);
	wait_until(&scene.seen, &scene.seen.asked, 1);
	tidy(&scene);
	CHECK_NUMBER(ending(&scene), 0);
}

/* Many threads that wait, and one that does not. */

enum { CROWD = 1000 };

static void *wait_for_secret(void *refused)
{
	*(bool *)refused = opening("secret", O_RDONLY) == EACCES;
	return NULL;
}

static int asks_in_many_threads(void)
{
	static pthread_t threads[CROWD];
	static bool refused[CROWD];
	pthread_attr_t small;
	int missing = 0;

	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 64 << 10);
	for (int i = 0; i < CROWD; i++)
		if (pthread_create(&threads[i], &small, wait_for_secret, &refused[i]))
			return 2;
	if (opening("file", O_RDWR) || opening("/usr/bin/env", O_RDONLY))
		return 3;
	for (int i = 0; i < CROWD; i++) {
		pthread_join(threads[i], NULL);
		missing += !refused[i];
	}
	return missing ? 1 : 0;
}

static void parks_a_thousand(void)
{
	static struct scene scene;
	struct rlimit limit;

	CHECK(!getrlimit(RLIMIT_NOFILE, &limit));
	limit.rlim_cur = limit.rlim_max;
	CHECK(!setrlimit(RLIMIT_NOFILE, &limit));
	begin(&scene, asks_in_many_threads, 8192, 0);
	wait_until(&scene.seen, &scene.seen.asked, CROWD);
	struct supervisor_counts counts = supervisor_count(scene.seen.supervisor);
	CHECK_NUMBER(counts.parked, CROWD);
	CHECK(counts.threads < 8);
	for (unsigned int i = 0; i < CROWD; i++)
		CHECK_NUMBER(supervisor_answer(scene.seen.supervisor, scene.seen.tickets[i], ANSWER_ERROR, EACCES), 0);
	CHECK_NUMBER(ending(&scene), 0);
	tidy(&scene);
}

static void refuses_more_than_it_may_park(void)
{
	static struct scene scene;

	begin(&scene, asks_in_many_threads, 20, 0);
	wait_until(&scene.seen, &scene.seen.asked, 20);
	while (supervisor_count(scene.seen.supervisor).refused[REFUSED_PARKED] < CROWD - 20)
		sched_yield();
	for (unsigned int i = 0; i < 20; i++)
		CHECK_NUMBER(supervisor_answer(scene.seen.supervisor, scene.seen.tickets[i], ANSWER_ERROR, EACCES), 0);
	CHECK_NUMBER(ending(&scene), 0);
	tidy(&scene);
}

static void refuses_what_it_has_no_descriptors_for(void)
{
	static struct scene scene;
	struct rlimit limit;

	CHECK(!getrlimit(RLIMIT_NOFILE, &limit));
	limit.rlim_cur = 160;
	CHECK(!setrlimit(RLIMIT_NOFILE, &limit));
	begin(&scene, asks_in_many_threads, 8192, 0);
	while (supervisor_count(scene.seen.supervisor).refused[REFUSED_DESCRIPTORS] +
		       supervisor_count(scene.seen.supervisor).parked < CROWD)
		sched_yield();
	CHECK(supervisor_count(scene.seen.supervisor).parked > 0);
	unsigned int waiting = supervisor_count(scene.seen.supervisor).parked;
	for (unsigned int i = 0; i < waiting; i++)
		CHECK_NUMBER(supervisor_answer(scene.seen.supervisor, scene.seen.tickets[i], ANSWER_ERROR, EACCES), 0);
	CHECK_NUMBER(ending(&scene), 0);
	tidy(&scene);
}

/* Named pipes: calls that wait for a peer */

enum { PIPES = 600 }; /* more than there may be threads */

static void *wait_for_writer(void *error)
{
	*(int *)error = opening("pipe", O_RDONLY);
	return NULL;
}

static int waits_for_writers(void)
{
	static pthread_t threads[PIPES];
	static int errors[PIPES];
	int busy = 0, opened = 0;

	if (syscall(SYS_mknodat, AT_FDCWD, "pipe", S_IFIFO | 0600, 0))
		return 1;
	for (int i = 0; i < PIPES; i++)
		if (pthread_create(&threads[i], NULL, wait_for_writer, &errors[i]))
			return 2;
	if (opening("file", O_RDWR) || opening("/usr/bin/env", O_RDONLY))
		return 3;
	int writer;
	while ((writer = (int)syscall(SYS_openat, AT_FDCWD, "pipe", O_WRONLY | O_NONBLOCK)) < 0)
		if (errno != ENXIO && errno != EAGAIN)
			return 4;
	for (int i = 0; i < PIPES; i++) {
		pthread_join(threads[i], NULL);
		busy += errors[i] == EAGAIN;
		opened += errors[i] == 0;
	}
	unlink("pipe");
	return busy + opened == PIPES && opened > 0 ? 0 : 5;
}

static void goes_on_while_calls_wait_for_peers(void)
{
	static struct scene scene;

	begin(&scene, waits_for_writers, 10, 0);
	CHECK_NUMBER(ending(&scene), 0);
	tidy(&scene);
}

/* A connection of its own, whose other end takes next to nothing before it is read; false: there is none. */
static bool connect_narrow(int *sender, int *receiver)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM, 0), little = 4096, much = 1 << 22, one = 1;

	*sender = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &little, sizeof little) ||
	    setsockopt(*sender, SOL_SOCKET, SO_SNDBUF, &much, sizeof much) ||
	    setsockopt(*sender, SOL_SOCKET, SO_ZEROCOPY, &one, sizeof one) ||
	    bind(listener, (struct sockaddr *)&address, length) || listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&address, &length))
		return false;
	if (connect(*sender, (struct sockaddr *)&address, length) && errno != EINPROGRESS)
		return false;
	*receiver = accept(listener, NULL, NULL);
	close(listener);
	return *receiver >= 0;
}

static ssize_t send_of(int to, char letter, int flags)
{
	static char bytes[1 << 16];
	struct iovec part = { memset(bytes, letter, sizeof bytes), sizeof bytes };

	return sendmsg(to, &(struct msghdr){ .msg_iov = &part, .msg_iovlen = 1 }, flags);
}

/* Without copying them the kernel reads the bytes when they leave, and then the supervisor has other things there. */
static int sends_without_copying(void)
{
	int sender, receiver, pair[2];
	char byte[1], bytes[4096];
	ssize_t sent = 0, count;

	if (!connect_narrow(&sender, &receiver) || socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		return 1;
	while ((count = send_of(sender, 'a', MSG_ZEROCOPY)) > 0)
		sent += count;
	for (int i = 0; i < 100; i++)
		send_of(pair[0], 'b', MSG_DONTWAIT);
	for (shutdown(sender, SHUT_WR); (count = read(receiver, bytes, sizeof bytes)) > 0; sent -= count)
		for (ssize_t i = 0; i < count; i++)
			if (bytes[i] != 'a')
				return 2;
	if (sent)
		return 3;
	/* the kernel tells here when it needs them no more */
	return recv(sender, byte, sizeof byte, MSG_ERRQUEUE) < 0 && errno == EAGAIN ? 0 : 4;
}

static void sends_what_it_copied(void)
{
	static struct scene scene;

	begin(&scene, sends_without_copying, 10, 0);
	CHECK_NUMBER(ending(&scene), 0);
	tidy(&scene);
}

static int waits_for_ever(void)
{
	if (syscall(SYS_mknodat, AT_FDCWD, "pipe", S_IFIFO | 0600, 0))
		return 1;
	return opening("pipe", O_RDONLY);
}

static void lets_go_of_calls_whose_caller_is_gone(void)
{
	static struct scene scene;
	struct stat stat_pipe;

	begin(&scene, waits_for_ever, 10, 0);
	while (supervisor_count(scene.seen.supervisor).threads < 2 || stat("pipe", &stat_pipe))
		sched_yield();
	CHECK(!kill(scene.child, SIGKILL));
	CHECK_NUMBER(ending(&scene), 128 + SIGKILL);
	while (supervisor_count(scene.seen.supervisor).performed < 1)
		sched_yield();
	CHECK(!unlink("pipe"));
	tidy(&scene);
}

/* Memory that never comes: whoever reads it is held up, and that is the supervisor. */
static int names_a_path_that_never_comes(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	int faults = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct uffdio_register range = { .range = { (uintptr_t)page, 4096 }, .mode = UFFDIO_REGISTER_MODE_MISSING };

	if (faults < 0 || ioctl(faults, UFFDIO_API, &api) || ioctl(faults, UFFDIO_REGISTER, &range))
		return 99;
	return opening(page, O_RDONLY);
}

static int names_it_beside_others(void)
{
	pid_t stuck = fork();

	if (!stuck)
		_exit(names_a_path_that_never_comes());
	for (int i = 0; i < 200; i++) {
		if (opening("/usr/bin/env", O_RDONLY) || opening("file", O_RDWR))
			return 1;
		nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
	}
	int status;
	bool waits = waitpid(stuck, &status, WNOHANG) == 0;
	if (!waits)
		return WIFEXITED(status) && WEXITSTATUS(status) == 99 ? 99 : 2;
	kill(stuck, SIGKILL);
	waitpid(stuck, &status, 0);
	return 0;
}

static void is_not_held_up_by_what_nobody_foresaw(void)
{
	static struct scene scene;

	begin(&scene, names_it_beside_others, 10, 0);
	int code = ending(&scene);
	tidy(&scene);
	if (code == 99)
		SKIP("userfaultfd is not allowed");
	CHECK_NUMBER(code, 0);
}

/* Leaks */

static int counted_descriptors(void)
{
	DIR *list = opendir("/proc/self/fd");
	int count = 0;

	for (struct dirent *entry = readdir(list); entry; entry = readdir(list))
		count++;
	closedir(list);
	return count;
}

enum { NOTIFICATIONS = 100000 };

static int calls_very_often(void)
{
	char own[32];

	snprintf(own, sizeof own, "/proc/self/fd/%d", (int)syscall(SYS_openat, AT_FDCWD, "file", O_RDWR));
	for (int i = 0; i < NOTIFICATIONS / 10; i++) {
		if (opening("/usr/bin/env", O_RDONLY) || opening("file", O_RDWR) ||
		    opening("nothing", O_RDONLY) != ENOENT || opening("file/below", O_RDONLY) != ENOTDIR ||
		    opening("nothing/below", O_CREAT) != ENOENT || opening("new", O_CREAT | O_RDWR) ||
		    syscall(SYS_fchmodat, AT_FDCWD, "new", 0640) || syscall(SYS_mkdirat, AT_FDCWD, "new", 0700) != -1 ||
		    syscall(SYS_unlinkat, AT_FDCWD, "new", 0) || opening(own, O_RDONLY))
			return 1;
	}
	return 0;
}

static void keeps_nothing_of_a_hundred_thousand_calls(void)
{
	static struct scene scene;

	begin(&scene, calls_very_often, 10, 0);
	while (supervisor_count(scene.seen.supervisor).received < 1000)
		CHECK(!waitpid(scene.child, NULL, WNOHANG));
	int before = counted_descriptors();
	CHECK_NUMBER(ending(&scene), 0);
	int after = counted_descriptors();
	CHECK(after <= before);
	CHECK(supervisor_count(scene.seen.supervisor).received >= NOTIFICATIONS);
	CHECK_NUMBER(supervisor_count(scene.seen.supervisor).parked, 0);
	tidy(&scene);
}

static void ends_without_a_launcher(void)
{
	struct buffer table = encode_table(&(struct table_content){ 0 });
	static struct seen seen = { .mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };
	struct supervisor_callbacks callbacks = { on_request, on_withdrawn, NULL, on_ended, &seen };
	struct supervisor *one, *other;
	int channel[2], waiting[2];
	size_t offset;

	CHECK(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel));
	CHECK(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, waiting));
	CHECK_NUMBER(supervisor_start(channel[0], table.bytes, table.length, &callbacks, &one, &offset), 0);
	CHECK_NUMBER(supervisor_start(waiting[0], table.bytes, table.length, &callbacks, &other, &offset), 0);
	close(channel[1]);
	wait_until(&seen, &seen.ended, 1);
	supervisor_stop(one);
	supervisor_stop(other);
	close(waiting[1]);
	free(table.bytes);
}

int main(void)
{
	static const struct test tests[] = {
		TEST(answers_and_asks, "supervise: answers what the table decides, and asks for the rest"),
		TEST(refuses_after_the_deadline, "supervise: what waits too long is refused"),
		TEST(forgets_who_was_killed, "supervise: a request is withdrawn when its process is killed"),
		TEST(refuses_all_that_waits_at_its_end, "supervise: at its end what waits is refused, and later calls fail"),
		TEST(parks_a_thousand, "supervise: a thousand wait while others go on"),
		TEST(refuses_more_than_it_may_park, "supervise: more than may wait are refused and counted"),
		TEST(refuses_what_it_has_no_descriptors_for, "supervise: refuses and counts what it has no descriptors for"),
		TEST(goes_on_while_calls_wait_for_peers, "supervise: calls that wait for a peer hold up nobody else"),
		TEST(sends_what_it_copied, "supervise: what is sent is the copy that was made, also without copying"),
		TEST(lets_go_of_calls_whose_caller_is_gone, "supervise: a call that waits ends with its caller"),
		TEST(is_not_held_up_by_what_nobody_foresaw, "supervise: a leader that is held up is replaced"),
		TEST(keeps_nothing_of_a_hundred_thousand_calls, "supervise: a hundred thousand calls leave nothing behind"),
		TEST(ends_without_a_launcher, "supervise: ends when the launcher does, or when it is told to"),
	};

	return RUN(tests);
}
