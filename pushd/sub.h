/*
 * sub: where one connection stands in one room's log.
 *
 * A sub is shown entries in order and sends on what its connection hasn't had yet. While it is
 * BEHIND, its cursor says up to where the connection holds the log; LIVE means that it holds all of
 * it, and needs no cursor. The same few lines serve a client that comes back, a slow reader, a late
 * joiner and a hole that the room itself has just filled.
 */
#ifndef PUSHD_SUB_H
#define PUSHD_SUB_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "conn.h"
#include "frame.h"

enum sub_state {
    SUB_NEW,    /* the room's end isn't known yet */
    SUB_HELD,   /* `welcome` named the cursor; nothing is sent before `resume` */
    SUB_MUTED,  /* the client wants nothing of this room for now */
    SUB_BEHIND, /* catching up from the cursor */
    SUB_LIVE    /* holds everything that the room has */
};

struct room;

struct sub {
    struct room *room;
    struct conn *conn;
    uint32_t index; /* in the room's array */
    enum sub_state state : 8;
    bool resumed : 1;  /* the client has said where it stands, which it does once */
    bool check : 1;    /* the entry at the cursor has to be found first */
    bool announce : 1; /* `caught_up` is owed */
    bool is_waiting : 1;
    uint64_t cursor;         /* the connection holds every entry up to this one */
    uint64_t at;             /* of the entry at the cursor, to be verified; 0: not known */
    uint64_t floor;          /* what came before this entry is not its business any more */
    uint64_t from;           /* SUB_NEW: the first entry it wants; 0: to be held at the end */
    struct sub *next;        /* of the same connection */
    LIST_ENTRY(sub) waiting; /* for a read of the log; only while is_waiting */
};

/* Assigns the state, and tells the room's seats. */
void sub_become(struct sub *sub, enum sub_state state);

/* What became of an entry that a sub was shown. */
enum sub_result {
    SUB_TOOK,    /* sent, verified, or known already: show the next one */
    SUB_FULL,    /* the connection takes no more for now */
    SUB_MISMATCH /* the log isn't the one that the cursor came from, or has a hole here */
};

/* The seq of the entry that it needs to see next. */
uint64_t sub_needs(const struct sub *sub);

/* Shows a BEHIND sub one entry. */
enum sub_result sub_show(struct sub *sub, struct frame *frame);

/* Sets out to catch up from a cursor; `check`: the entry there must exist, with this `at` unless
 * that is 0. */
void sub_resume(struct sub *sub, uint64_t cursor, bool check, uint64_t at);

/* A frame of the room's log that was queued, or would have been, was dropped: it and all after it
 * are still to come. */
void sub_rewind(struct sub *sub, const struct frame *dropped);

/* Where a sub's room is: its id, the log's serial number and newest entry. */
struct sub_place {
    const char *id;
    uint32_t serial;
    uint64_t seq, at;
};

/* The end of catching up; says caught_up, if that is owed. */
void sub_go_live(struct sub *sub, const struct sub_place *place);

/* Tells the client to load by REST and goes on live from the log's end; a HELD sub stays so, and
 * goes on from there. */
void sub_reset(struct sub *sub, const struct sub_place *place);

#endif
