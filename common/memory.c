/*
 * memory: allocation that does not fail (include/stonechat/memory.h).
 *
 * The one place that decides what happens when there is no memory left: a line in the log, which
 * needs none, and the end of the process. The supervisor starts it again with an empty heap.
 */
#include <stonechat/memory.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stonechat/log.h>

/* malloc(0) may answer NULL without having failed. */
static size_t at_least_one(size_t bytes) {
    return bytes == 0 ? 1 : bytes;
}

static void *or_end(void *fresh, size_t bytes) {
    if (fresh == NULL) {
        sc_log(SC_LOG_ERROR, "out_of_memory", "bytes", sc_log_number((int64_t)bytes), NULL);
        abort();
    }
    return fresh;
}

void *sc_xmalloc(size_t bytes) {
    return or_end(malloc(at_least_one(bytes)), bytes);
}

void *sc_xcalloc(size_t count, size_t bytes) {
    return or_end(calloc(at_least_one(count), at_least_one(bytes)), bytes);
}

void *sc_xrealloc(void *old, size_t bytes) {
    return or_end(realloc(old, at_least_one(bytes)), bytes);
}

char *sc_xstrdup(const char *text) {
    return sc_xmemdup(text, strlen(text));
}

char *sc_xmemdup(const char *text, size_t bytes) {
    char *copy = sc_xmalloc(bytes + 1);
    if (bytes > 0) {
        memcpy(copy, text, bytes);
    }
    copy[bytes] = '\0';
    return copy;
}

char *sc_xasprintf(const char *format, ...) {
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int bytes = vasprintf(&text, format, arguments);
    va_end(arguments);
    return or_end(bytes < 0 ? NULL : text, 0);
}
