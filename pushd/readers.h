/*
 * readers: everybody who reads a room here, from those who are behind to those who are live.
 *
 * Gives them what the room has in memory, or what has been read for them, and keeps the list of
 * those who need more than that. It never asks Redis: room_log does, when the list isn't empty.
 */
#ifndef PUSHD_READERS_H
#define PUSHD_READERS_H

#include "room.h"

void readers_add(struct room *room, struct sub *sub);
void readers_remove(struct sub *sub);

/* An entry is about to be added, for all who are live. Entries are delivered when the turn of the
 * loop ends or, after a delivery that took time, when the room has rested, those of one room
 * together; and in any case before anything else happens to its readers, and before they are more
 * than one write should take. */
void readers_prepare(struct room *room, const struct frame *frame);
void readers_deliver(struct room *room);
/* The same, straight to sockets where these are free. */
void readers_deliver_now(struct room *room);
/* Nobody is left to deliver to. */
void readers_forget_fresh(struct room *room);
/* Sends a passing event to all who have resumed. */
void readers_pass(struct room *room, struct frame *frame);

/* A client says where it stands; readers_advance_one goes on from there. Said too late, when
 * entries beyond that have been sent already, it gets `reset`: neither a hole nor anything twice.
 */
void readers_resume(struct sub *sub, uint64_t cursor, uint64_t at);

/* It holds nothing that it could go on from: tells it so. */
void readers_begin_anew(struct sub *sub);

/* Sends a reader nothing any more; and begins anew at the room's end, which `caught_up` names, or
 * (`held`, before `resume`) where `welcome` said. */
void readers_mute(struct sub *sub);
void readers_unmute(struct sub *sub, bool held);

/* Brings a reader, or all who wait, as far as memory reaches. */
void readers_advance_one(struct sub *sub);
void readers_advance(struct room *room);
/* Shows a page of the log, as it was read, to everybody who waits for a piece of it. */
void readers_show_page(struct room *room, struct frame **page, size_t count);
/* The first entry that anybody waits for; UINT64_MAX: nobody waits. */
uint64_t readers_need(const struct room *room);

/* The room's end is known: those who have just entered, or one of them, can be told. */
void readers_make_ready(struct room *room);
void readers_make_one_ready(struct sub *sub);

/* The log is another one: everybody has to load anew. */
void readers_reset(struct room *room);

#endif
