/*
 * Puts a function of the test in front of libc's syscall(2): link with --wrap=syscall. Like libc's
 * own it takes six arguments, however many were given.
 */
#ifndef NONO_TEST_WRAP_H
#define NONO_TEST_WRAP_H

#include <stdarg.h>

/* The test's: what the call gives. */
static long intercept(long number, const long arguments[6]);

long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);

static inline long real_call(long number, const long a[6])
{
	return __real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

__attribute__((no_sanitize("address"))) long __wrap_syscall(long number, ...)
{
	long arguments[6];
	va_list list;

	va_start(list, number);
	for (int i = 0; i < 6; i++)
		arguments[i] = va_arg(list, long);
	va_end(list);
	return intercept(number, arguments);
}

#endif
