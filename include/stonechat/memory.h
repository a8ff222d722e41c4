/*
 * memory: allocation that does not fail.
 *
 * Running out of memory ends the process: each function here either succeeds or logs one line
 * and aborts, so that no caller has a half-done state to think about. What they return is freed
 * with free().
 */
#ifndef STONECHAT_MEMORY_H
#define STONECHAT_MEMORY_H

#include <stddef.h>

void *sc_xmalloc(size_t bytes);
void *sc_xcalloc(size_t count, size_t bytes);
void *sc_xrealloc(void *old, size_t bytes);
char *sc_xstrdup(const char *text);
/* A NUL-terminated copy of the first `bytes` bytes of `text`. */
char *sc_xmemdup(const char *text, size_t bytes);
/* printf into fresh memory. */
char *sc_xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
