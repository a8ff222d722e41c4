/*
 * sniffer: what a file is, found from how it begins, whatever its name says.
 */
#ifndef FCGI_SNIFFER_H
#define FCGI_SNIFFER_H

#include <pthread.h>
#include <stddef.h>

#include "file.h"

struct magic_set;

/* All threads have one; it is made when first asked. */
struct sniffer {
    pthread_mutex_t lock;
    struct magic_set *magic; /* NULL: not asked yet, or not to be had */
};

void sniffer_init(struct sniffer *sniffer);
void sniffer_deinit(struct sniffer *sniffer);

/* The media type of what begins so; application/octet-stream where nothing is known of it. */
void sniffer_type(struct sniffer *sniffer, const char *head, size_t bytes,
                  char out[FILE_TYPE_MAX + 1]);

#endif
