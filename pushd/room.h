/*
 * room: one room's log as this process sees it, and everybody here who reads it.
 *
 * A room is subscribed while somebody connected is in it. It knows the end of its log, keeps a
 * short tail of it, and gives every entry to its readers in order of `seq`, none missing. Whatever
 * was missed (a publication lost, a link that was down, a reader that fell behind) is read from the
 * log, one read of the room at a time whoever needs it. A log that is not the one it was (restored,
 * failed over, emptied) is noticed by an entry's `at`: then all readers get `reset`.
 */
#ifndef PUSHD_ROOM_H
#define PUSHD_ROOM_H

#include <stdbool.h>
#include <stdint.h>

#include <stonechat/limits.h>

#include "feed.h"
#include "rest.h"
#include "store.h"
#include "sub.h"
#include "table.h"
#include "tail.h"
#include "wheel.h"

/* What a read of the log, of which there is one at a time, is for. */
enum room_read {
    READ_NOTHING,
    READ_NEWEST, /* where does the log end? */
    READ_VERIFY, /* is it still the log it was, and what has come since? */
    READ_GAP,    /* publications were missed */
    READ_BEHIND  /* readers need entries that the tail doesn't hold */
};

/* As much of a sub as a delivery needs, in one piece of memory with those of all others. */
struct seat {
    uint32_t lane; /* of its connection */
    bool live;     /* it is SUB_LIVE */
    bool waits;    /* while something is delivered: has its turn after those who keep up */
};

struct room {
    UT_hash_handle hh;
    char id[SC_ID_MAX + 1];
    uint32_t serial; /* of this log of this room: never used twice in one process */
    struct room_set *set;
    bool subscribed; /* Redis has confirmed */
    bool known;      /* seq and at are those of the log's newest entry that was delivered */
    bool suspect;    /* the subscription was interrupted, or the log seems to have changed */
    bool gap;        /* publications are known to be missing before `seen` */
    enum room_read reading;
    uint64_t read_from, read_at; /* the first entry of that read; its `at`, 0: not known */
    uint64_t read_seq;           /* what `seq` was at that time */
    uint32_t subscription, read_subscription; /* how many there were; at the time of the read */
    uint64_t seq, at;
    uint64_t delivered;         /* what came after this entry goes to readers when this turn ends */
    uint32_t fresh_bytes;       /* of that */
    struct rest rest;           /* before it is due again */
    uint64_t seen;              /* the highest seq that was heard of */
    struct sc_event_head heard; /* the youngest publication not taken yet; seq 0: none */
    struct tail tail;
    LIST_ENTRY(room) fresh; /* among those with entries to deliver: while delivered < seq */
    struct sub **subs;
    struct seat *seats; /* what a delivery has to know of each */
    uint32_t count, capacity;
    LIST_HEAD(, sub) waiting; /* subs that need entries from Redis */
    struct wheel_entry timer; /* to try again; to close when nobody is left */
};

struct room_events {
    /* The room's end is known: the sub is SUB_HELD now. */
    void (*on_ready)(struct sub *sub);
    /* The log was another one than before, and the sub was told. */
    void (*on_rewritten)(struct sub *sub);
    /* A room has entries for its readers, for the first time in this turn of the loop: when it
     * ends, room_set_deliver is due. */
    void (*on_fresh)(struct room *room);
    /* A `member` entry was added. */
    void (*on_member)(struct room *room, const struct sc_event_head *head, const char *json,
                      size_t bytes);
};

struct room_set {
    struct room *by_id;
    struct feed *feed;
    struct store *store;
    struct wheel *wheel;
    const struct room_events *events;
    uint32_t serial;
    LIST_HEAD(room_list, room) fresh; /* rooms with entries to deliver */
    struct room_list due;             /* of them, those whose turn it is */
    struct wheel_entry ageing;
};

void room_set_init(struct room_set *set, struct feed *feed, struct store *store,
                   struct wheel *wheel, const struct room_events *events);
void room_set_deinit(struct room_set *set);

/* Puts a reader into a room, opening it if need be. With `from` 0 on_ready follows, from within if
 * the room's end is known; else the reader gets every entry from `from` on. */
struct sub *room_enter(struct room_set *set, const char *id, struct conn *conn, uint64_t from);
/* Takes it out and frees it. */
void room_leave(struct sub **sub);

struct room *room_find(struct room_set *set, const char *id);

/* Gives readers what this turn of the loop has brought, but for rooms that rest. Returns the us,
 * from `now_us` on, after which one of these is due; 0: none rests. */
int64_t room_set_deliver(struct room_set *set, int64_t now_us);

/* A BEHIND sub can go on (it has just been told to resume, or its connection has drained). */
void room_serve(struct sub *sub);

/* Redis has confirmed the subscription. */
void room_on_subscribed(struct room *room);

/* The feed was lost, and is up anew: every room is subscribed again and verified. */
void room_set_on_feed_down(struct room_set *set);
void room_set_on_feed_up(struct room_set *set);
/* Commands can be sent again: whatever was waiting goes on. */
void room_set_on_store_up(struct room_set *set);

#endif
