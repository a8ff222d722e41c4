/*
 * sniffer: asks libmagic, one at a time, since one of its cookies serves one thread.
 */
#include "sniffer.h"

#include <magic.h>
#include <stdio.h>
#include <string.h>

#include <stonechat/log.h>

static const char UNKNOWN[] = "application/octet-stream";

/* Nothing is unpacked or taken apart: how it begins is enough. */
enum {
    FLAGS = MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_CDF
};

void sniffer_init(struct sniffer *sniffer) {
    pthread_mutex_init(&sniffer->lock, NULL);
    sniffer->magic = NULL;
}

void sniffer_deinit(struct sniffer *sniffer) {
    if (sniffer->magic) {
        magic_close(sniffer->magic);
    }
    pthread_mutex_destroy(&sniffer->lock);
}

static void wake(struct sniffer *sniffer) {
    if (sniffer->magic) {
        return;
    }
    sniffer->magic = magic_open(FLAGS);
    if (sniffer->magic && magic_load(sniffer->magic, NULL) != 0) {
        sc_log(SC_LOG_ERROR, "no_magic", "why", magic_error(sniffer->magic), NULL);
        magic_close(sniffer->magic);
        sniffer->magic = NULL;
    }
}

/* A type goes into a header: TYPE/SUBTYPE (RFC 6838 section 4.2) and nothing else. */
static bool is_type(const char *text) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "!#$&-^_.+/";
    return text && strchr(text, '/') && text[strspn(text, letters)] == '\0' &&
           strlen(text) <= FILE_TYPE_MAX;
}

void sniffer_type(struct sniffer *sniffer, const char *head, size_t bytes,
                  char out[FILE_TYPE_MAX + 1]) {
    pthread_mutex_lock(&sniffer->lock);
    wake(sniffer);
    const char *type = sniffer->magic ? magic_buffer(sniffer->magic, head, bytes) : NULL;
    snprintf(out, FILE_TYPE_MAX + 1, "%s", is_type(type) ? type : UNKNOWN);
    pthread_mutex_unlock(&sniffer->lock);
}
