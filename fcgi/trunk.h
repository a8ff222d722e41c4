/*
 * trunk: one link for all threads, for the questions that are asked all the time.
 *
 * A thread that has a question puts it with those of the others. The first one carries all that
 * wait to Redis in one write, takes the answers and hands them out; what has come meanwhile is the
 * next load, and its first the next to carry. So Redis reads, runs and answers many questions in
 * one turn, which costs it a third of what as many connections do; and a thread that is alone asks
 * just as it would on a link of its own.
 */
#ifndef FCGI_TRUNK_H
#define FCGI_TRUNK_H

#include <pthread.h>

#include "link.h"

struct trunk_load;

struct trunk {
    pthread_mutex_t
        lock; /* over what waits and whether somebody carries; the link is whose it is */
    struct link link;
    bool is_carried;
    struct trunk_load *first, **last;
};

void trunk_init(struct trunk *trunk, const struct link_terms *terms);
void trunk_deinit(struct trunk *trunk);

/*
 * For the terms of links (link.h): takes what is short and asked by everybody. The time is no
 * longer than for one question on a link of its own, and as much again for who has just missed a
 * load.
 */
struct link_carrier trunk_carrier(struct trunk *trunk);

#endif
