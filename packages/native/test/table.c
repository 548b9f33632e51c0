/* What a table says of paths, and which bytes are none. */
#include "../src/plan/folding.h"
#include "../src/supervise/table.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

#include "check.h"
#include "encode-table.h"

#define READ ACCESS_READ_FILE
#define WRITE ACCESS_WRITE_FILE
#define MAKE ACCESS_MAKE_REG
#define EVERYTHING (~0ull)

static struct table *decoded(const struct table_content *content)
{
	struct buffer buffer = encode_table(content);
	struct table *table = NULL;
	size_t offset;

	CHECK_NUMBER(table_decode(buffer.bytes, buffer.length, &table, &offset), 0);
	CHECK_NUMBER(table_complete(table), 0);
	free(buffer.bytes);
	return table;
}

static struct table *of_rules(const struct table_rule *rules, uint32_t count)
{
	return decoded(&(struct table_content){ .rules = rules, .rule_count = count });
}

static uint64_t native(const struct table *table, const char *path)
{
	return table_cover(table, path, EVERYTHING).native;
}

static uint64_t behalf(const struct table *table, const char *path)
{
	return table_cover(table, path, EVERYTHING).behalf;
}

static void adds_native_rights_on_the_way_down(void)
{
	struct table_rule rules[] = {
		{ .native = READ, .path = "/a" },
		{ .native = WRITE, .path = "/a/b/c" },
		{ .native = MAKE, .path = "/" },
	};
	struct table *table = of_rules(rules, 3);

	CHECK_NUMBER(native(table, "/a"), READ | MAKE);
	CHECK_NUMBER(native(table, "/a/b/c/d"), READ | WRITE | MAKE);
	CHECK_NUMBER(native(table, "/ab"), MAKE);
	CHECK_NUMBER(native(table, "/a/b/cc"), READ | MAKE);
	CHECK_NUMBER(native(table, "/"), 0);
	table_release(table);
}

static bool judges_places(const struct table_content *content)
{
	struct table *table = decoded(content);
	bool judges = table->judges_places;

	table_release(table);
	return judges;
}

#define JUDGES(...) \
	judges_places(&(struct table_content){ .rules = (struct table_rule[]){ __VA_ARGS__ }, \
					       .rule_count = sizeof(struct table_rule[]){ __VA_ARGS__ } / sizeof(struct table_rule) })
#define ALL (READ | WRITE | MAKE)

static void judges_places_where_the_kernel_gives_less(void)
{
	struct table_rule whole = { .native = ALL, .behalf = ALL, .path = "/w" };
	struct table_pattern names = { .rights = ACCESS_RESOLVE_UNIX, .directory = "/w/run", .name = "*" };

	CHECK(!JUDGES(whole));
	CHECK(!JUDGES(whole, { .denied = WRITE, .path = "/w/read" }));
	CHECK(!JUDGES({ .behalf = ALL, .path = "/w" }, { .denied = READ, .path = "/w/secret" }));
	CHECK(!JUDGES(whole, { .native = READ, .behalf = ALL, .path = "/r" }));
	CHECK(JUDGES({ .native = WRITE | MAKE, .behalf = ALL, .path = "/w" }, { .denied = READ, .path = "/w/secret" }));
	CHECK(JUDGES(whole, { .behalf = ACCESS_RESOLVE_UNIX, .path = "/w/socket" }));
	CHECK(judges_places(&(struct table_content){ .rules = &whole, .rule_count = 1, .patterns = &names, .pattern_count = 1 }));
	names.directory = "/elsewhere";
	CHECK(!judges_places(&(struct table_content){ .rules = &whole, .rule_count = 1, .patterns = &names, .pattern_count = 1 }));
}

static bool alike(const char *known, const char *name)
{
	return names_alike(known, strlen(known), name, strlen(name));
}

static void takes_names_as_alike_that_some_file_system_does(void)
{
	static char longest[NAME_MAX + 1], other[NAME_MAX + 1];

	CHECK(alike(".git", ".git") && alike(".git", ".GIT") && alike("HOOKS", "hooks"));
	CHECK(!alike(".git", ".gi") && !alike(".git", ".gitx") && !alike("config", "confiG2") && !alike("a", "b"));
	CHECK(alike("hooks", "hoo\u212as") && alike("settings", "\u017fettings")); /* KELVIN SIGN, LONG S */
	CHECK(alike("config", "con\ufb01g") && alike("strasse", "stra\u00dfe") && alike(".git", ".g\u200dit"));
	CHECK(alike("\u00e9t\u00e9", "\u00c9T\u00c9") && alike("\u00e9", "e\u0301"));
	CHECK(!alike("config", "r\u00e9sum\u00e9") && !alike("hooks", "h\u00f6") && !alike(".env", "\xff"));
	CHECK(alike(".git", ".git.") && alike(".git", ".git . .") && alike("config", "config::$DATA") && alike(".git", "GIT~1"));
	CHECK(!alike(".git", "x~1") && !alike(".git", "git~") && !alike("git", "~1") && !alike("x", ":x"));
	memset(longest, 'a', NAME_MAX);
	memset(other, '\xc3', NAME_MAX);
	CHECK(alike(longest, other) && !alike("b", longest));
	other[NAME_MAX - 1] = 'b';
	CHECK(!alike(longest, other));
}

static void lets_the_deepest_rule_decide_on_behalf(void)
{
	struct table_rule rules[] = {
		{ .behalf = READ | WRITE, .path = "/w" },
		{ .denied = READ | WRITE, .path = "/w/secret" },
		{ .behalf = READ, .path = "/w/secret/open" },
	};
	struct table *table = of_rules(rules, 3);

	CHECK_NUMBER(behalf(table, "/w/file"), READ | WRITE);
	CHECK_NUMBER(behalf(table, "/w/secret"), 0);
	CHECK_NUMBER(behalf(table, "/w/secret/file"), 0);
	CHECK_NUMBER(behalf(table, "/w/secret/open"), READ);
	CHECK_NUMBER(behalf(table, "/w/secrets"), READ | WRITE);
	CHECK(table_cover(table, "/w", EVERYTHING).holds_denial);
	CHECK(table_cover(table, "/w/secret", EVERYTHING).holds_denial);
	CHECK(!table_cover(table, "/w/file", EVERYTHING).holds_denial);
	CHECK(!table_cover(table, "/w/secret/open", EVERYTHING).holds_denial);
	table_release(table);
}

static void counts_rights_on_entries_where_the_entries_are(void)
{
	struct table_rule rules[] = { { .native = MAKE | READ, .behalf = MAKE | READ, .path = "/w" } };
	struct table *table = of_rules(rules, 1);

	CHECK_NUMBER(native(table, "/w"), READ);
	CHECK_NUMBER(behalf(table, "/w"), READ);
	CHECK_NUMBER(native(table, "/w/new"), READ | MAKE);
	table_release(table);
}

static void matches_names_in_one_directory(void)
{
	struct table_pattern patterns[] = {
		{ READ, "/home", "a.json" },
		{ WRITE, "/home", "a.json.tmp.*" },
		{ MAKE, "/home", "?*.lock" },
		{ READ, "/home", "star\\*" },
	};
	struct table_rule rules[] = { { .denied = MAKE, .path = "/home/no.lock" } };
	struct table_content content = { .patterns = patterns, .pattern_count = 4, .rules = rules, .rule_count = 1 };
	struct table *table = decoded(&content);

	CHECK_NUMBER(behalf(table, "/home/a.json"), READ);
	CHECK_NUMBER(behalf(table, "/home/a.json.tmp.1"), WRITE);
	CHECK_NUMBER(behalf(table, "/home/a.json.tmp."), WRITE);
	CHECK_NUMBER(behalf(table, "/home/a.json.tmp"), 0);
	CHECK_NUMBER(behalf(table, "/home/x.lock"), MAKE);
	CHECK_NUMBER(behalf(table, "/home/.lock"), 0);
	CHECK_NUMBER(behalf(table, "/home/no.lock"), 0);
	CHECK_NUMBER(behalf(table, "/home/star*"), READ);
	CHECK_NUMBER(behalf(table, "/home/stars"), 0);
	CHECK_NUMBER(behalf(table, "/home/x.lock/below"), 0);
	CHECK_NUMBER(behalf(table, "/home/d/a.json"), 0);
	table_release(table);
}

static void forgets_a_rule_whose_object_was_replaced(void)
{
	char path[] = "/tmp/nono-table-XXXXXX", other[40];
	int file = mkstemp(path);

	snprintf(other, sizeof other, "%s.other", path);
	struct table_rule rules[] = { { .native = READ, .flags = TABLE_RULE_VERIFY, .path = path } };
	struct table *table = of_rules(rules, 1);
	CHECK_NUMBER(native(table, path), READ);
	CHECK(table_cover(table, path, EVERYTHING).verified);
	close(open(other, O_CREAT | O_WRONLY, 0600));
	CHECK(!rename(other, path));
	CHECK_NUMBER(native(table, path), 0);
	unlink(path);
	CHECK_NUMBER(native(table, path), 0);
	close(file);
	table_release(table);
}

static void knows_the_entries_that_were_there(void)
{
	char directory[] = "/tmp/nono-table-XXXXXX";

	CHECK(mkdtemp(directory) && !chdir(directory));
	close(open("file", O_CREAT | O_WRONLY, 0600));
	close(open("secret", O_CREAT | O_WRONLY, 0600));
	CHECK(!mkdir("below", 0700) && !symlink("secret", "link"));
	struct table *table = decoded(&(struct table_content){ .split = directory });
	close(open("later", O_CREAT | O_WRONLY, 0600));

	char path[64];
	const struct { const char *name; bool covered; } names[] = {
		{ "file", true }, { "below", true }, { "below/x", true }, { "secret", false }, { "link", false }, { "later", false },
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "%s/%s", directory, names[i].name);
		CHECK_NUMBER(native(table, path) & READ, names[i].covered ? READ : 0);
	}

	/* a further grant does not look at the directory again */
	struct table_rule rules[] = { { .behalf = WRITE, .path = directory } };
	struct buffer buffer = encode_table(&(struct table_content){ .rules = rules, .rule_count = 1 });
	struct table *extended;
	size_t offset;
	CHECK_NUMBER(table_extend(table, buffer.bytes, buffer.length, &extended, &offset), 0);
	table_release(table);
	free(buffer.bytes);
	snprintf(path, sizeof path, "%s/later", directory);
	CHECK_NUMBER(native(extended, path), 0);
	CHECK_NUMBER(behalf(extended, path), WRITE);
	snprintf(path, sizeof path, "%s/file", directory);
	CHECK_NUMBER(native(extended, path) & READ, READ);
	table_release(extended);
	CHECK(!unlink("file") && !unlink("secret") && !unlink("later") && !unlink("link") && !rmdir("below") &&
	      !rmdir(directory));
}

static void holds_thousands_of_paths(void)
{
	enum { COUNT = 20000 };
	static char paths[COUNT][32];
	static struct table_rule rules[COUNT];

	for (int i = 0; i < COUNT; i++) {
		snprintf(paths[i], sizeof paths[i], "/d%d/e%d/f", i % 100, i);
		rules[i] = (struct table_rule){ .behalf = READ, .path = paths[i] };
	}
	struct table *table = of_rules(rules, COUNT);
	for (int i = 0; i < COUNT; i++)
		CHECK_NUMBER(behalf(table, paths[i]), READ);
	CHECK_NUMBER(behalf(table, "/d1/e2/f"), 0);
	table_release(table);
}

/* The errno of a table that is refused; what was refused has left nothing behind (the leak check). */
static int refusal(const uint8_t *bytes, size_t length)
{
	struct table *table = NULL;
	size_t offset;
	int error = table_decode(bytes, length, &table, &offset);

	CHECK(error ? !table && offset <= length : !!table);
	table_release(table);
	return error;
}

static struct buffer whole(void)
{
	static const struct table_rule rules[] = { { 1, 2, 3, TABLE_RULE_VERIFY, "/usr" }, { 0, 0, 1, 0, "/" } };
	static const struct table_pattern patterns[] = { { 1, "/etc", "x*" } };
	struct table_content content = { .rules = rules, .rule_count = 2, .patterns = patterns, .pattern_count = 1,
					 .split = "/etc/ssl", .executable = "/bin/sh", .parked = 9, .deadline = 1 };

	return encode_table(&content);
}

static void refuses_what_is_cut_off_or_too_long(void)
{
	struct buffer buffer = whole();

	CHECK_NUMBER(refusal(buffer.bytes, buffer.length), 0);
	for (size_t length = 0; length < buffer.length; length++)
		CHECK(refusal(buffer.bytes, length) == EBADMSG || refusal(buffer.bytes, length) == EPROTONOSUPPORT);
	put(&buffer, 0, 1);
	set_u32(&buffer, TABLE_OFFSET_LENGTH, (uint32_t)buffer.length);
	CHECK_NUMBER(refusal(buffer.bytes, buffer.length), EBADMSG);
	free(buffer.bytes);
}

static void refuses_counts_that_nothing_follows(void)
{
	for (int i = 0; i < 4; i++) {
		struct buffer buffer = whole();

		set_u32(&buffer, TABLE_OFFSET_COUNTS + 4 * (size_t)i, 1000);
		CHECK_NUMBER(refusal(buffer.bytes, buffer.length), EBADMSG);
		set_u32(&buffer, TABLE_OFFSET_COUNTS + 4 * (size_t)i, UINT32_MAX);
		CHECK_NUMBER(refusal(buffer.bytes, buffer.length), E2BIG);
		free(buffer.bytes);
	}
}

static void refuses_every_single_changed_byte_or_takes_it_as_it_is(void)
{
	struct buffer buffer = whole();

	for (size_t i = 0; i < buffer.length; i++) {
		uint8_t before = buffer.bytes[i];

		for (int change = 1; change < 256; change += 37) {
			buffer.bytes[i] = (uint8_t)(before + change);
			refusal(buffer.bytes, buffer.length);
		}
		buffer.bytes[i] = before;
	}
	free(buffer.bytes);
}

static void refuses_relative_paths_and_names_with_a_slash(void)
{
	struct table_rule rules[] = { { .path = "usr" } };
	struct table_pattern patterns[] = { { 1, "/etc", "a/b" }, { 1, "/etc", "" } };
	struct buffer relative = encode_table(&(struct table_content){ .rules = rules, .rule_count = 1 });

	CHECK_NUMBER(refusal(relative.bytes, relative.length), EBADMSG);
	free(relative.bytes);
	for (int i = 0; i < 2; i++) {
		struct buffer name = encode_table(&(struct table_content){ .patterns = &patterns[i], .pattern_count = 1 });

		CHECK_NUMBER(refusal(name.bytes, name.length), EBADMSG);
		free(name.bytes);
	}
}

int main(void)
{
	static const struct test tests[] = {
		TEST(adds_native_rights_on_the_way_down, "table: native rights add up on the way down"),
		TEST(judges_places_where_the_kernel_gives_less, "table: places are judged where the kernel's rules give less than we do"),
		TEST(takes_names_as_alike_that_some_file_system_does, "table: names are alike that some file system takes for one"),
		TEST(lets_the_deepest_rule_decide_on_behalf, "table: the deepest rule decides on behalf"),
		TEST(counts_rights_on_entries_where_the_entries_are, "table: a rule on a directory is none on its own entry"),
		TEST(matches_names_in_one_directory, "table: patterns match names in one directory"),
		TEST(forgets_a_rule_whose_object_was_replaced, "table: a rule is on the object that was there"),
		TEST(knows_the_entries_that_were_there, "table: entries of a split directory are those of the start"),
		TEST(holds_thousands_of_paths, "table: twenty thousand paths"),
		TEST(refuses_what_is_cut_off_or_too_long, "table: refused when cut off anywhere or with more behind it"),
		TEST(refuses_counts_that_nothing_follows, "table: refused when a count promises more than there is"),
		TEST(refuses_every_single_changed_byte_or_takes_it_as_it_is, "table: any changed byte is survived"),
		TEST(refuses_relative_paths_and_names_with_a_slash, "table: relative paths and names with a slash are refused"),
	};

	return RUN(tests);
}
