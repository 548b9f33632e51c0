#include "launch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/*
 * What could not be done. Where nono itself reads, its words are TypeScript's; these are for a
 * launcher that is alone.
 */
static const char *deed_of(enum step step)
{
	switch (step) {
	case STEP_PLAN_READ:
	case STEP_PLAN_DECODE: return "read the plan";
	case STEP_PARENT: return "find its parent";
	case STEP_GUARD: return "guard the command";
	case STEP_DESCRIPTORS: return "pass a descriptor on";
	case STEP_SESSION: return "start a session";
	case STEP_TERMINAL: return "take the terminal";
	case STEP_DIRECTORY: return "enter the directory";
	case STEP_LIMIT: return "set a limit";
	case STEP_CAPABILITIES: return "drop capabilities";
	case STEP_NO_NEW_PRIVS: return "set no_new_privs";
	case STEP_RULESET_CREATE: return "create a Landlock ruleset";
	case STEP_RULE_OPEN: return "open a granted path";
	case STEP_RULE_ADD: return "grant a path";
	case STEP_PORT_ADD: return "grant a port";
	case STEP_RESTRICT: return "enforce the Landlock ruleset";
	case STEP_FILTER: return "install a seccomp filter";
	case STEP_LISTENER: return "hand over a seccomp listener";
	case STEP_CLOSE: return "close descriptors";
	case STEP_EXECUTE: return "execute";
	case STEP_PLATFORM: return "follow a plan for another system";
	case STEP_SEATBELT: return "enforce the Seatbelt profile";
	default: return "start";
	}
}

static const char *subject_of(const struct failure *failure, const struct plan *plan)
{
	switch (failure->step) {
	case STEP_DIRECTORY: return plan->cwd.bytes;
	case STEP_RULE_OPEN:
	case STEP_RULE_ADD: return plan->rules[failure->index].path.bytes;
	case STEP_EXECUTE: return plan->path.bytes;
	default: return "";
	}
}

static const char *reason_of(const struct failure *failure)
{
	if (failure->step == STEP_PLAN_DECODE && failure->error == EPROTONOSUPPORT)
		return "nono-launch is of another version: install nono again, all its files of one version";
	if (failure->step == STEP_EXECUTE && failure->error == ENOENT)
		return "it, or what it is to be run by, does not exist";
	return strerror(failure->error);
}

/* A path may hold what a terminal obeys. */
static void make_harmless(char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			*text = '?';
}

void speak(int to, const struct failure *failure, const struct plan *plan)
{
	char subject[1024];

	snprintf(subject, sizeof subject, "%s", subject_of(failure, plan));
	make_harmless(subject);
	dprintf(to, "nono: cannot %s%s%s: %s\n", deed_of(failure->step), *subject ? " " : "", subject,
		reason_of(failure));
}
