/*
 * room_log: what a room knows of its log, and finds out about it.
 *
 * Publications make it fast, reads make it certain: an entry is taken when it is the next one, all
 * else is a reason to read the log, one page at a time. What is taken goes to readers; what shows
 * that the log is another one resets them. Called by room and, with what the feed brings, by
 * worker.
 */
#ifndef PUSHD_ROOM_LOG_H
#define PUSHD_ROOM_LOG_H

#include "room.h"

/* An entry of the log has come in by the subscription. */
void room_log_on_entry(struct room *room, const struct sc_event_head *head, const char *json,
                       size_t bytes);

/* Older entries have been replaced in the log: they must not come from memory any more. */
void room_log_forget(struct room *room);

/* Asks Redis for what has to be read next, if anything has. */
void room_log_settle(struct room *room);

#endif
