/* Answers to the kernel. One that comes too late, since the caller is gone, is no error. */
#include <errno.h>
#include <sys/ioctl.h>

#include "kernel-notify.h"
#include "worker.h"

bool request_is_valid(const struct supervisor *supervisor, uint64_t id)
{
	return !ioctl(supervisor->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id);
}

static void respond(struct supervisor *supervisor, struct seccomp_notif_resp *response)
{
	ioctl(supervisor->listener, SECCOMP_IOCTL_NOTIF_SEND, response);
}

void answer_native(struct supervisor *supervisor, const struct request *request)
{
	supervisor->continued++;
	respond(supervisor, &(struct seccomp_notif_resp){
				    .id = request->id,
				    .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE,
			    });
}

void answer_value(struct supervisor *supervisor, const struct request *request, long value)
{
	respond(supervisor, &(struct seccomp_notif_resp){
				    .id = request->id,
				    .val = value < 0 ? 0 : value,
				    .error = value < 0 ? (int)value : 0,
			    });
}

/* The caller's table of descriptors may be full: that is for us to tell. */
void answer_descriptor(struct supervisor *supervisor, const struct request *request, int descriptor, bool close_on_exec)
{
	struct seccomp_notif_addfd injection = {
		.id = request->id,
		.flags = SECCOMP_ADDFD_FLAG_SEND,
		.srcfd = (uint32_t)descriptor,
		.newfd_flags = close_on_exec ? O_CLOEXEC : 0,
	};

	if (ioctl(supervisor->listener, SECCOMP_IOCTL_NOTIF_ADDFD, &injection) < 0)
		answer_value(supervisor, request, -errno);
}
