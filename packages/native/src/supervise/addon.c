/*
 * The supervisor for JavaScript, as packages/core/src/supervisor/native.ts describes it:
 * `supervise` gives an object with the functions below. What happens on its threads reaches
 * JavaScript one after the other, on the thread that called.
 */
#include "addon.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../addon/addon.h"
#include "supervisor.h"

/* What goes over to the thread of JavaScript. */
struct notice {
	enum { NOTICE_REQUEST, NOTICE_WITHDRAWN, NOTICE_NOTED, NOTICE_ENDED } kind;
	struct request_event event; /* strings are ours; of withdrawn ones the ticket */
	int error;
};

struct binding {
	struct supervisor *supervisor; /* NULL once it was closed */
	napi_threadsafe_function queue;
	napi_env env;
	struct notice noted;
};

static char *copy_text(const char *text)
{
	return text ? strdup(text) : NULL;
}

static void free_notice(struct notice *notice)
{
	for (int i = 0; i < 2; i++) {
		free((char *)notice->event.path[i]);
		free((char *)notice->event.given[i]);
	}
	free((char *)notice->event.blocked);
	free((void *)notice->event.address);
	free(notice);
}

/* Without memory nothing is told, and the request waits until its deadline: a refusal. */
static void send_notice(struct binding *binding, struct notice *notice)
{
	if (napi_call_threadsafe_function(binding->queue, notice, napi_tsfn_nonblocking) != napi_ok)
		free_notice(notice);
}

static void on_request(void *context, const struct request_event *event)
{
	struct notice *notice = calloc(1, sizeof *notice);

	if (!notice)
		return;
	notice->kind = NOTICE_REQUEST;
	notice->event = *event;
	for (int i = 0; i < 2; i++) {
		notice->event.path[i] = copy_text(event->path[i]);
		notice->event.given[i] = copy_text(event->given[i]);
	}
	notice->event.blocked = copy_text(event->blocked);
	if (event->address) {
		void *address = malloc(event->address_length);

		notice->event.address = address ? memcpy(address, event->address, event->address_length) : NULL;
	}
	send_notice(context, notice);
}

static void on_withdrawn(void *context, uint32_t ticket)
{
	struct notice *notice = calloc(1, sizeof *notice);

	if (!notice)
		return;
	notice->kind = NOTICE_WITHDRAWN;
	notice->event.ticket = ticket;
	send_notice(context, notice);
}

/* The same one each time: it says nothing that could change. */
static void on_noted(void *context)
{
	struct binding *binding = context;

	napi_call_threadsafe_function(binding->queue, &binding->noted, napi_tsfn_nonblocking);
}

static void on_ended(void *context, int error)
{
	struct notice *notice = calloc(1, sizeof *notice);

	if (!notice)
		return;
	notice->kind = NOTICE_ENDED;
	notice->error = error;
	send_notice(context, notice);
}

/* JavaScript's side of a notice */

static void set_bytes(napi_env env, napi_value object, const char *name, const void *bytes, size_t length)
{
	napi_value value;

	if (!bytes)
		napi_get_null(env, &value);
	else
		napi_create_buffer_copy(env, length, bytes, NULL, &value);
	napi_set_named_property(env, object, name, value);
}

static void set_text(napi_env env, napi_value object, const char *name, const char *text)
{
	set_bytes(env, object, name, text, text ? strlen(text) : 0);
}

static napi_value object_of_event(napi_env env, const struct request_event *event)
{
	napi_value object;

	napi_create_object(env, &object);
	set_int(env, object, "ticket", event->ticket);
	set_int(env, object, "thread", event->thread);
	set_int(env, object, "operation", event->operation);
	set_int(env, object, "reason", event->reason);
	set_int(env, object, "flags", (int64_t)event->flags);
	set_int(env, object, "mode", event->mode);
	set_int(env, object, "wanted", (int64_t)event->wanted[0]);
	set_int(env, object, "missing", (int64_t)event->missing[0]);
	set_int(env, object, "otherWanted", (int64_t)event->wanted[1]);
	set_int(env, object, "otherMissing", (int64_t)event->missing[1]);
	set_text(env, object, "path", event->path[0]);
	set_text(env, object, "given", event->given[0]);
	set_text(env, object, "otherPath", event->path[1]);
	set_text(env, object, "otherGiven", event->given[1]);
	set_text(env, object, "blocked", event->blocked);
	set_bytes(env, object, "address", event->address, event->address_length);
	set_int(env, object, "socketType", event->socket_type);
	set_int(env, object, "other", event->other);
	return object;
}

static void call_javascript(napi_env env, napi_value function, void *context, void *data)
{
	struct notice *notice = data;
	napi_value arguments[2], nothing;
	static const char *const kinds[] = { "request", "withdrawn", "noted", "ended" };

	(void)context;
	if (env) {
		napi_get_undefined(env, &nothing);
		napi_create_string_utf8(env, kinds[notice->kind], NAPI_AUTO_LENGTH, &arguments[0]);
		if (notice->kind == NOTICE_REQUEST)
			arguments[1] = object_of_event(env, &notice->event);
		else
			napi_create_int64(env,
					  notice->kind == NOTICE_WITHDRAWN ? (int64_t)notice->event.ticket : notice->error,
					  &arguments[1]);
		napi_call_function(env, nothing, function, 2, arguments, NULL);
	}
	if (notice->kind != NOTICE_NOTED)
		free_notice(notice);
}

/* The object's functions */

static void stop(struct binding *binding)
{
	struct supervisor *supervisor = binding->supervisor;

	binding->supervisor = NULL;
	if (!supervisor)
		return;
	supervisor_stop(supervisor);
	napi_release_threadsafe_function(binding->queue, napi_tsfn_release);
}

static void stop_with_environment(void *binding)
{
	stop(binding);
}

static void collect(napi_env env, void *data, void *hint)
{
	struct binding *binding = data;

	(void)hint;
	napi_remove_env_cleanup_hook(env, stop_with_environment, binding);
	stop(binding);
	free(binding);
}

/*
 * The binding behind `this`, with exactly `count` arguments; NULL with an exception, or after
 * close.
 */
static struct binding *take_this(napi_env env, napi_callback_info info, size_t count, napi_value *arguments)
{
	size_t given = count;
	napi_value this;
	void *binding = NULL;

	if (napi_get_cb_info(env, info, &given, arguments, &this, NULL) != napi_ok || given != count ||
	    napi_unwrap(env, this, &binding) != napi_ok) {
		napi_throw_type_error(env, NULL, "wrong arguments");
		return NULL;
	}
	return ((struct binding *)binding)->supervisor ? binding : NULL;
}

static napi_value boolean(napi_env env, bool truth)
{
	napi_value value;

	napi_get_boolean(env, truth, &value);
	return value;
}

/* (ticket, kind, errno): whether somebody still waited for it */
static napi_value answer(napi_env env, napi_callback_info info)
{
	napi_value arguments[3];
	int32_t ticket, kind, error;
	struct binding *binding = take_this(env, info, 3, arguments);

	if (!binding)
		return boolean(env, false);
	if (!take_int(env, arguments[0], &ticket) || !take_int(env, arguments[1], &kind) ||
	    !take_int(env, arguments[2], &error))
		return NULL;
	return boolean(env, !supervisor_answer(binding->supervisor, (uint32_t)ticket, (enum answer_kind)kind, error));
}

/* (table) */
static napi_value extend(napi_env env, napi_callback_info info)
{
	napi_value argument;
	struct bytes bytes;
	size_t offset;
	struct binding *binding = take_this(env, info, 1, &argument);

	if (!binding || !take_bytes(env, argument, &bytes))
		return NULL;
	int error = supervisor_extend(binding->supervisor, bytes.start, bytes.length, &offset);
	return error ? throw_failure(env, &(struct failure){ .index = (uint32_t)offset, .error = error }) : NULL;
}

/* (path, descriptor) */
static napi_value stand_in(napi_env env, napi_callback_info info)
{
	napi_value arguments[2];
	char path[256];
	size_t length;
	int32_t file;
	struct binding *binding = take_this(env, info, 2, arguments);

	if (!binding || !take_int(env, arguments[1], &file))
		return NULL;
	if (napi_get_value_string_utf8(env, arguments[0], path, sizeof path, &length) != napi_ok) {
		napi_throw_type_error(env, NULL, "not a string");
		return NULL;
	}
	int error = supervisor_stand_in(binding->supervisor, path, file);
	return error ? throw_errno(env, error) : NULL;
}

static void free_bytes(napi_env env, void *bytes, void *hint)
{
	(void)env;
	(void)hint;
	free(bytes);
}

/* What was noted, or null. */
static napi_value notes(napi_env env, napi_callback_info info)
{
	struct binding *binding = take_this(env, info, 0, NULL);
	size_t length = 0;
	napi_value value;

	if (!binding)
		return NULL;
	uint8_t *bytes = supervisor_notes(binding->supervisor, &length);
	if (bytes)
		napi_create_external_buffer(env, length, bytes, free_bytes, NULL, &value);
	else
		napi_get_null(env, &value);
	return value;
}

static napi_value count(napi_env env, napi_callback_info info)
{
	static const char *const refusals[REFUSALS] = { "parked", "descriptors", "threads", "deadline", "unreadable" };
	struct binding *binding = take_this(env, info, 0, NULL);
	napi_value object, refused;

	if (!binding)
		return NULL;
	struct supervisor_counts counts = supervisor_count(binding->supervisor);
	napi_create_object(env, &object);
	napi_create_object(env, &refused);
	set_int(env, object, "received", (int64_t)counts.received);
	set_int(env, object, "continued", (int64_t)counts.continued);
	set_int(env, object, "performed", (int64_t)counts.performed);
	set_int(env, object, "asked", (int64_t)counts.asked);
	set_int(env, object, "waiting", counts.parked);
	set_int(env, object, "threads", counts.threads);
	for (int i = 0; i < REFUSALS; i++)
		set_int(env, refused, refusals[i], (int64_t)counts.refused[i]);
	napi_set_named_property(env, object, "refused", refused);
	return object;
}

/* The launcher, where the table holds it. */
static napi_value let_go(napi_env env, napi_callback_info info)
{
	struct binding *binding = take_this(env, info, 0, NULL);

	if (binding)
		supervisor_let_go(binding->supervisor);
	return NULL;
}

static napi_value close_supervisor(napi_env env, napi_callback_info info)
{
	struct binding *binding = take_this(env, info, 0, NULL);

	if (binding)
		stop(binding);
	return NULL;
}

static const napi_property_descriptor functions[] = {
	{ .utf8name = "answer", .method = answer },
	{ .utf8name = "extend", .method = extend },
	{ .utf8name = "standIn", .method = stand_in },
	{ .utf8name = "notes", .method = notes },
	{ .utf8name = "count", .method = count },
	{ .utf8name = "letGo", .method = let_go },
	{ .utf8name = "close", .method = close_supervisor },
};

/* The queue keeps no program alive: what runs under supervision does. */
static bool make_queue(napi_env env, napi_value function, struct binding *binding)
{
	napi_value name;

	napi_create_string_utf8(env, "nono supervisor", NAPI_AUTO_LENGTH, &name);
	return napi_create_threadsafe_function(env, function, NULL, name, 0, 1, NULL, NULL, NULL, call_javascript,
					       &binding->queue) == napi_ok &&
	       napi_unref_threadsafe_function(env, binding->queue) == napi_ok;
}

/*
 * (): the sender's pid comes with what is sent once the receiver wants it, so that is said before
 * anybody can send.
 */
napi_value channel_create(napi_env env, napi_callback_info info)
{
	napi_value object;
	int ends[2], one = 1;

	(void)info;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return throw_errno(env, errno);
	setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &one, sizeof one);
	napi_create_object(env, &object);
	set_int(env, object, "ours", ends[0]);
	set_int(env, object, "theirs", ends[1]);
	return object;
}

/* (channel, table, function): the channel's descriptor stays the caller's, who may close it. */
napi_value supervise(napi_env env, napi_callback_info info)
{
	napi_value arguments[3], object;
	struct bytes table;
	int32_t channel;
	size_t offset = 0;

	if (!take_arguments(env, info, 3, arguments) || !take_int(env, arguments[0], &channel) ||
	    !take_bytes(env, arguments[1], &table))
		return NULL;
	struct binding *binding = calloc(1, sizeof *binding);
	int copy = binding ? fcntl(channel, F_DUPFD_CLOEXEC, 3) : -1;
	if (copy < 0 || !make_queue(env, arguments[2], binding)) {
		int error = copy < 0 ? errno : EINVAL;

		if (copy >= 0)
			close(copy);
		free(binding);
		return throw_errno(env, error);
	}
	binding->env = env;
	struct supervisor_callbacks callbacks = { on_request, on_withdrawn, on_noted, on_ended, binding };

	binding->noted.kind = NOTICE_NOTED;
	int error = supervisor_start(copy, table.start, table.length, &callbacks, &binding->supervisor, &offset);
	if (error) {
		napi_release_threadsafe_function(binding->queue, napi_tsfn_abort);
		free(binding);
		return throw_failure(env, &(struct failure){ .index = (uint32_t)offset, .error = error });
	}
	napi_add_env_cleanup_hook(env, stop_with_environment, binding);
	napi_create_object(env, &object);
	napi_define_properties(env, object, sizeof functions / sizeof *functions, functions);
	napi_wrap(env, object, binding, collect, NULL, NULL);
	return object;
}
