/* Where a socket of the caller is to reach: copied, resolved and judged before it is used by us. */
#ifndef NONO_SUPERVISE_ADDRESS_H
#define NONO_SUPERVISE_ADDRESS_H

#include "request.h"

/* request->descriptor and what kind of socket it is: EBADF, ENOTSOCK. */
enum verdict copy_socket(struct request *request, int descriptor);

/* request->address, and for a path-name socket names[0]. A null address is none. */
enum verdict copy_address(struct request *request, uint64_t address, uint64_t length);

/* objects[0] for a path-name socket: what connecting would say if it is none. */
enum verdict find_address(struct worker *worker, struct request *request);

enum verdict judge_address(struct worker *worker, struct request *request);

/* The address to use instead of the caller's: never a path that is looked up anew. */
socklen_t safe_address(const struct request *request, struct sockaddr_storage *address);

#endif
