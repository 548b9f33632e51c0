/*
 * sendto with an address, sendmsg, sendmmsg. Every message is copied, its address judged, and sent
 * here on the caller's own socket. None goes on natively, whatever the descriptor is: before the
 * call is made another thread can put a datagram socket in its place, and then the address reaches
 * any daemon.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "address.h"
#include "message.h"
#include "worker.h"

/* include/linux/socket.h; glibc's header has struct mmsghdr, whose length follows its msghdr */
#define MESSAGE_LENGTH_OFFSET offsetof(struct mmsghdr, msg_len)

static enum verdict copy_message(struct request *request)
{
	const uint64_t *args = request->args;
	int error;

	if (request->number == SYS_sendto) {
		request->flags = (uint32_t)args[3];
		error = message_copy_plain(request->caller.thread, args[1], args[2], &request->message);
		return error ? fail_with(request, error) : copy_address(request, args[4], args[5]);
	}
	if (request->number == SYS_sendmmsg) {
		request->memory = caller_memory(request->caller.thread);
		if (request->memory < 0)
			return fail_with(request, request->memory);
	}
	/* of several messages the first: a shorter count than asked for is what programs expect */
	request->flags = (uint32_t)args[request->number == SYS_sendmsg ? 2 : 3];
	error = message_copy(&request->caller, args[1], &request->message);
	if (error)
		return fail_with(request, error);
	return copy_address(request, request->message->name, request->message->name_length);
}

static enum verdict copy_send(struct worker *worker, struct request *request)
{
	enum verdict verdict = copy_socket(request, (int)request->args[0]);

	(void)worker;
	if (verdict != VERDICT_GO_ON)
		return verdict;
	if (request->number == SYS_sendmmsg && !(uint32_t)request->args[2]) {
		request->error = 0;
		return VERDICT_FAIL;
	}
	verdict = copy_message(request);
	if (verdict != VERDICT_GO_ON)
		return verdict;
	bool whole = request->socket_type != SOCK_STREAM;
	return request->message->cut && whole ? fail_with(request, EMSGSIZE) : VERDICT_GO_ON;
}

/* Streams and sequenced packets go to their peer whatever the address says. */
static bool is_connected_kind(const struct request *request)
{
	return request->socket_type != SOCK_DGRAM && request->socket_type != SOCK_RAW;
}

static enum verdict find_send(struct worker *worker, struct request *request)
{
	return is_connected_kind(request) ? VERDICT_PERFORM : find_address(worker, request);
}

/* What a write to a closed stream does to whoever makes it. */
static void signal_broken_pipe(const struct worker *worker, struct request *request)
{
	if ((!request->caller.process && caller_look(&request->caller)) ||
	    !request_is_valid(worker->supervisor, request->id))
		return;
	syscall(SYS_tgkill, request->caller.process, request->caller.thread, SIGPIPE);
}

static long report_length(const struct request *request, long sent)
{
	uint32_t length = (uint32_t)sent;

	if (request->number != SYS_sendmmsg)
		return sent;
	off_t place = (off_t)(request->args[1] + MESSAGE_LENGTH_OFFSET);
	return pwrite(request->memory, &length, sizeof length, place) == sizeof length ? 1 : -EFAULT;
}

static bool send_may_block(const struct request *request)
{
	return !(request->flags & MSG_DONTWAIT) && !(fcntl(request->descriptor, F_GETFL) & O_NONBLOCK);
}

/*
 * Whom a daemon that wants credentials is told: of itself the kernel would name the real user of this thread,
 * which is not lowered and may be root. The number stays this process's.
 */
static int name_sender(const struct worker *worker, const struct request *request)
{
	struct ucred sender = {
		.pid = worker->supervisor->self,
		.uid = request->caller.credentials.user,
		.gid = request->caller.credentials.group,
	};

	if (request->socket_family != AF_UNIX || !worker->lowered.ids)
		return 0;
	return message_add_control(request->message, SCM_CREDENTIALS, &sender, sizeof sender);
}

static long perform_send(struct worker *worker, struct request *request)
{
	struct message *message = request->message;
	int unnamed = name_sender(worker, request);

	if (unnamed)
		return unnamed;
	struct sockaddr_storage address;
	struct iovec data = { message->data, message->length };
	struct msghdr header = {
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = message->control_length ? message->control : NULL,
		.msg_controllen = message->control_length,
	};

	if (!is_connected_kind(request)) {
		header.msg_namelen = safe_address(request, &address);
		header.msg_name = header.msg_namelen ? &address : NULL;
	}
	/* without copying the kernel would read our memory when it sends, after it was freed and used anew */
	int flags = (int)request->flags & ~(MSG_FASTOPEN | MSG_ZEROCOPY);
	if (!worker->blocked_on) /* the caller may have changed O_NONBLOCK since it was looked at */
		flags |= MSG_DONTWAIT;
	ssize_t sent = sendmsg(request->descriptor, &header, flags | MSG_NOSIGNAL);
	if (sent >= 0)
		return report_length(request, sent);
	int error = errno;
	if (error == EPIPE && request->socket_type == SOCK_STREAM && !(request->flags & MSG_NOSIGNAL))
		signal_broken_pipe(worker, request);
	return -error;
}

const struct operation operation_send = {
	.kind = OPERATION_SEND,
	.copy = copy_send,
	.find = find_send,
	.judge = judge_address,
	.perform = perform_send,
	.may_block = send_may_block,
};
