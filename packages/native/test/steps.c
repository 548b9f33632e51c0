/* The steps that launcher and addon share, each against the running kernel. */
#include "../src/plan/steps.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "check.h"
#include "encode.h"
#include "wrap.h"

#define EXECUTE (1ull << 0)
#define READ_FILE (1ull << 2)
#define READ_DIR (1ull << 3)
#define READ (EXECUTE | READ_FILE | READ_DIR)
#define BIND_TCP (1ull << 0)

/* What was the size of the last ruleset that was asked for? */
static long ruleset_size;

static long intercept(long number, const long arguments[6])
{
	if (number == SYS_landlock_create_ruleset)
		ruleset_size = arguments[1];
	return real_call(number, arguments);
}

/*
 * tree/inside/file and tree/link -> inside, in a directory of this test's own; it is the working
 * directory afterwards.
 */
static const char *make_tree(void)
{
	static char root[] = "/tmp/nono-steps-XXXXXX";

	CHECK(mkdtemp(root) && !chdir(root));
	CHECK(!mkdir("inside", 0755) && !symlink("inside", "link"));
	int file = open("inside/file", O_CREAT | O_WRONLY, 0644);
	CHECK(file >= 0 && write(file, "content", 7) == 7 && !close(file));
	return root;
}

static void remove_tree(const char *root)
{
	CHECK(!unlink("inside/file") && !rmdir("inside") && !unlink("link") && !rmdir(root));
}

static struct text below(const char *root, const char *name)
{
	static char paths[4][128];
	static int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof paths[0], "%s/%s", root, name);
	return text_of(path);
}

static struct plan plan_of(struct rule *rules, uint32_t count)
{
	return (struct plan){ .flags = PLAN_LANDLOCK, .handled_fs = READ, .rules = rules, .rule_count = count };
}

/* The errno of the step that fails, or 0; *failure says which. */
static int create(struct rule *rules, uint32_t count, struct failure *failure)
{
	struct plan plan = plan_of(rules, count);
	int ruleset = ruleset_create(&plan, failure);

	if (ruleset < 0)
		return failure->error;
	CHECK(fcntl(ruleset, F_GETFD) == FD_CLOEXEC);
	close(ruleset);
	return 0;
}

static void test_missing(void)
{
	struct rule rules[] = { { READ, 0, text_of("/") }, { READ, 0, text_of("/nowhere") } };
	struct failure failure;

	NEED_ABI(1);
	CHECK_NUMBER(create(rules, 2, &failure), ENOENT);
	CHECK_NUMBER(failure.step, STEP_RULE_OPEN);
	CHECK_NUMBER(failure.index, 1);
	rules[1].flags = RULE_OPTIONAL;
	CHECK_NUMBER(create(rules, 2, &failure), 0);
}

/* Optional means: it may be missing. Anything else in its place is a failure. */
static void test_optional_only_missing(void)
{
	NEED_ABI(1);
	const char *root = make_tree();
	struct rule rule = { READ, RULE_OPTIONAL, below(root, "link") };
	struct failure failure;

	CHECK_NUMBER(create(&rule, 1, &failure), ELOOP);
	rule.path = below(root, "inside/file/deeper");
	CHECK_NUMBER(create(&rule, 1, &failure), ENOTDIR);
	CHECK_NUMBER(failure.step, STEP_RULE_OPEN);
	remove_tree(root);
}

static void test_swapped(void)
{
	NEED_ABI(1);
	const char *root = make_tree();
	struct rule whole = { READ, 0, below(root, "inside") };
	struct rule part = { READ_FILE, 0, below(root, "inside/file") };
	struct failure failure;

	CHECK_NUMBER(create(&whole, 1, &failure), 0);
	CHECK_NUMBER(create(&part, 1, &failure), 0);
	CHECK(!rename("inside", "elsewhere") && !symlink("elsewhere", "inside"));
	CHECK_NUMBER(create(&whole, 1, &failure), ELOOP);
	CHECK_NUMBER(create(&part, 1, &failure), ELOOP);
	CHECK_NUMBER(failure.step, STEP_RULE_OPEN);
	CHECK(!access(part.path.bytes, R_OK)); /* control: an open that follows links reaches it */
	CHECK(!unlink("inside") && !rename("elsewhere", "inside"));
	remove_tree(root);
}

static int create_split(struct split *split, struct failure *failure)
{
	struct rule rule = { READ, 0, text_of("/usr") };
	struct plan plan = plan_of(&rule, 1);

	plan.splits = split, plan.split_count = 1;
	int ruleset = ruleset_create(&plan, failure);
	if (ruleset < 0)
		return failure->error;
	close(ruleset);
	return 0;
}

/* Whatever lies in its place: a link is not followed, and a file is no directory. Numbers count on from the rules. */
static void test_split_refused(void)
{
	NEED_ABI(1);
	const char *root = make_tree();
	struct split split = { READ_FILE, READ, 0, below(root, "nowhere"), 0, NULL };
	struct failure failure;

	CHECK_NUMBER(create_split(&split, &failure), ENOENT);
	CHECK(failure.step == STEP_RULE_OPEN && failure.index == 1);
	split.flags = RULE_OPTIONAL;
	CHECK_NUMBER(create_split(&split, &failure), 0);
	split.path = below(root, "link");
	CHECK_NUMBER(create_split(&split, &failure), ELOOP);
	split.path = below(root, "inside/file");
	CHECK_NUMBER(create_split(&split, &failure), ENOTDIR);
	split.path = below(root, "inside");
	split.files = 1ull << 63;
	CHECK_NUMBER(create_split(&split, &failure), EINVAL);
	CHECK(failure.step == STEP_RULE_ADD && failure.index == 1);
	remove_tree(root);
}

static void test_rule_refused(void)
{
	struct rule rules[] = { { READ, 0, text_of("/") }, { 1ull << 63, 0, text_of("/") } };
	struct failure failure;

	NEED_ABI(1);
	CHECK_NUMBER(create(rules, 2, &failure), EINVAL);
	CHECK_NUMBER(failure.step, STEP_RULE_ADD);
	CHECK_NUMBER(failure.index, 1);
}

static void test_ruleset_refused(void)
{
	struct plan plan = { .flags = PLAN_LANDLOCK, .handled_fs = 1ull << 63 };
	struct failure failure;

	NEED_ABI(1);
	CHECK_NUMBER(ruleset_create(&plan, &failure), -1);
	CHECK(failure.step == STEP_RULESET_CREATE && failure.error == EINVAL);
}

static void test_smallest_size(void)
{
	struct plan plan = { .flags = PLAN_LANDLOCK, .handled_fs = READ };
	struct failure failure;

	ruleset_create(&plan, &failure);
	CHECK_NUMBER(ruleset_size, 8);
	plan.handled_net = BIND_TCP;
	ruleset_create(&plan, &failure);
	CHECK_NUMBER(ruleset_size, 16);
	plan.scoped = 1;
	ruleset_create(&plan, &failure);
	CHECK_NUMBER(ruleset_size, 24);
}

static void restrict_to(const struct plan *plan)
{
	struct failure failure;
	int ruleset = ruleset_create(plan, &failure);

	CHECK(ruleset >= 0 && !privileges_freeze(&failure) && !ruleset_restrict(ruleset, 0, &failure));
	close(ruleset);
}

static void test_restricted(void)
{
	NEED_ABI(1);
	const char *root = make_tree();
	struct rule rule = { READ, 0, below(root, "inside") };
	struct plan plan = plan_of(&rule, 1);

	CHECK(open("/etc/passwd", O_RDONLY) >= 0); /* control */
	if (fork() == 0) {
		restrict_to(&plan);
		CHECK(open("/etc/passwd", O_RDONLY) < 0 && errno == EACCES);
		CHECK(open("inside/file", O_RDONLY) >= 0);
		_exit(0);
	}
	int status;
	wait(&status);
	CHECK_NUMBER(status, 0);
	remove_tree(root);
}

static bool readable(const char *path)
{
	int file = open(path, O_RDONLY);

	if (file >= 0)
		close(file);
	return file >= 0;
}

/* tree/{inside/file, link -> inside, secret, name, notes}: of the tree's entries all but two get a rule. */
static void check_split(struct split *split)
{
	struct rule rule = { READ, 0, text_of("/usr") };
	struct plan plan = plan_of(&rule, 1);

	plan.splits = split, plan.split_count = 1;
	restrict_to(&plan);
	CHECK(readable("notes") && readable("inside/file") && readable("inside") && readable("link/file"));
	CHECK(!readable("secret") && errno == EACCES);
	CHECK(!readable("name") && errno == EACCES);
	CHECK(!readable(".") && errno == EACCES); /* only its entries */
	/* It can be made, since nothing handles that here, and is not read. */
	int later = open("later", O_CREAT | O_WRONLY, 0644);
	CHECK(later >= 0 && !readable("later") && errno == EACCES && !unlink("later"));
}

static void test_split(void)
{
	NEED_ABI(1);
	static const char *const files[] = { "secret", "name", "notes" };
	struct text names[] = { text_of("secret"), text_of("gone"), text_of("name") };
	struct split split = { READ_FILE, READ, 0, text_of(make_tree()), 3, names };
	int status;

	for (size_t i = 0; i < 3; i++)
		close(open(files[i], O_CREAT | O_WRONLY, 0644));
	CHECK(readable("secret") && readable("name")); /* control */
	if (fork() == 0) {
		check_split(&split);
		_exit(0);
	}
	wait(&status);
	CHECK_NUMBER(status, 0);
	split.name_count = 2; /* control: the list is what keeps the last one out */
	if (fork() == 0) {
		struct plan plan = { .flags = PLAN_LANDLOCK, .handled_fs = READ, .splits = &split, .split_count = 1 };

		restrict_to(&plan);
		CHECK(readable("name") && !readable("secret"));
		_exit(0);
	}
	wait(&status);
	CHECK_NUMBER(status, 0);
	for (size_t i = 0; i < 3; i++)
		unlink(files[i]);
	remove_tree(split.path.bytes);
}

static int bind_to(uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
	int socket_ = socket(AF_INET, SOCK_STREAM, 0);
	int error = bind(socket_, (struct sockaddr *)&address, sizeof address) ? errno : 0;

	close(socket_);
	return error;
}

/* Ports that the kernel gives nobody by itself. */
static void test_ports(void)
{
	struct port ports[] = { { BIND_TCP, 7112 }, { 1ull << 40, 7113 } };
	struct plan plan = { .flags = PLAN_LANDLOCK, .handled_net = BIND_TCP, .ports = ports, .port_count = 2 };
	struct failure failure;

	NEED_ABI(4);
	CHECK_NUMBER(ruleset_create(&plan, &failure), -1);
	CHECK(failure.step == STEP_PORT_ADD && failure.index == 1 && failure.error == EINVAL);
	CHECK_NUMBER(bind_to(7113), 0); /* control */
	plan.port_count = 1;
	restrict_to(&plan);
	CHECK_NUMBER(bind_to(7113), EACCES);
	CHECK_NUMBER(bind_to(7112), 0);
}

static void test_restrict_unprepared(void)
{
	struct failure failure;

	NEED_ABI(1);
	CHECK_NUMBER(ruleset_restrict(-1, 0, &failure), -1);
	CHECK_NUMBER(failure.step, STEP_RESTRICT);
}

static void test_limits(void)
{
	struct limit limits[] = { { RLIMIT_CORE, 0, 0 }, { 1000, 0, 0 } };
	struct plan plan = { .limits = limits, .limit_count = 2 };
	struct failure failure;
	struct rlimit now;

	CHECK_NUMBER(limits_set(&plan, &failure), -1);
	CHECK(failure.step == STEP_LIMIT && failure.index == 1 && failure.error == EINVAL);
	CHECK(!getrlimit(RLIMIT_CORE, &now) && now.rlim_cur == 0 && now.rlim_max == 0);
}

static uint64_t permitted(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	CHECK(!syscall(SYS_capget, &header, data));
	CHECK(data[0].effective == data[0].permitted);
	return data[0].permitted | (uint64_t)data[1].permitted << 32;
}

static void test_capabilities(void)
{
	uint64_t keep = 1ull << CAP_CHOWN | 1ull << CAP_KILL;
	struct plan plan = { .flags = PLAN_DROP_CAPABILITIES, .keep_capabilities = keep };
	struct failure failure;

	if (!(permitted() & 1ull << CAP_SETPCAP))
		SKIP("needs root");
	CHECK(!prctl(PR_SET_PDEATHSIG, SIGKILL));
	CHECK_NUMBER(capabilities_drop(&plan, &failure), 0);
	CHECK_NUMBER(permitted(), keep);
	CHECK_NUMBER(prctl(PR_CAPBSET_READ, CAP_CHOWN), 1);
	CHECK_NUMBER(prctl(PR_CAPBSET_READ, CAP_SYS_ADMIN), 0);

	int signal = 0; /* changed credentials may clear it, see prctl(2) */
	CHECK(!prctl(PR_GET_PDEATHSIG, &signal) && signal == SIGKILL);
	CHECK_NUMBER(capabilities_drop(&plan, &failure), 0); /* again, without CAP_SETPCAP */
}

static void test_capabilities_unasked(void)
{
	struct plan plan = { 0 };
	uint64_t before = permitted();
	struct failure failure;

	CHECK_NUMBER(capabilities_drop(&plan, &failure), 0);
	CHECK_NUMBER(permitted(), before);
}

static void test_capabilities_of_nobody(void)
{
	struct plan plan = { .flags = PLAN_DROP_CAPABILITIES };
	struct failure failure;

	if (getuid() == 0)
		CHECK(!setresuid(65534, 65534, 65534));
	CHECK_NUMBER(capabilities_drop(&plan, &failure), 0);
	CHECK_NUMBER(permitted(), 0);
}

static void test_no_new_privs(void)
{
	struct failure failure;

	CHECK_NUMBER(privileges_freeze(&failure), 0);
	CHECK_NUMBER(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
}

static void test_filter(void)
{
	struct sock_filter wrong[] = { BPF_STMT(0xffff, 0) };
	struct sock_filter no_uname[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_uname, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EXDEV),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct filter filters[] = { { 0, { 4, no_uname } }, { 0, { 1, wrong } } };
	struct plan plan = { .filters = filters, .filter_count = 2 };
	struct failure failure;
	struct utsname name;

	CHECK(!privileges_freeze(&failure));
	CHECK_NUMBER(uname(&name), 0); /* control */
	CHECK_NUMBER(filter_install(&plan, 1, 0, &failure), -1);
	CHECK(failure.step == STEP_FILTER && failure.index == 1 && failure.error == EINVAL);
	CHECK_NUMBER(filter_install(&plan, 0, 0, &failure), 0);
	CHECK(uname(&name) && errno == EXDEV);
}

static const struct test tests[] = {
	TEST(test_missing, "refuses a rule whose path is missing, unless it is optional"),
	TEST(test_optional_only_missing, "refuses a link or a file in the way of an optional rule"),
	TEST(test_swapped, "refuses a path that became a link since it was resolved"),
	TEST(test_split, "gives every entry of a directory its rights but the names left out"),
	TEST(test_split_refused, "refuses a directory that is missing, a link or a file"),
	TEST(test_rule_refused, "names the rule that the kernel refuses"),
	TEST(test_ruleset_refused, "names the ruleset where the kernel refuses its masks"),
	TEST(test_smallest_size, "asks older kernels for no more than they know"),
	TEST(test_restricted, "reads what a rule covers, and nothing else"),
	TEST(test_ports, "binds the port of a rule, and no other"),
	TEST(test_restrict_unprepared, "names the restriction where the kernel refuses it"),
	TEST(test_limits, "sets limits in order and names the one that fails"),
	TEST(test_capabilities, "drops all capabilities but those to keep, and keeps the death signal"),
	TEST(test_capabilities_unasked, "drops nothing unasked"),
	TEST(test_capabilities_of_nobody, "drops nothing for who has none, without failing"),
	TEST(test_no_new_privs, "sets no_new_privs"),
	TEST(test_filter, "installs a filter and names the one that fails"),
};

int main(void)
{
	return RUN(tests);
}
