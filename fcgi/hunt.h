/*
 * hunt: a search of one room or of many, newest message first, as far as one call may go.
 *
 * Reads the blocks that the rooms' trails name, the youngest first, and looks into their messages.
 * When it has found a page, or has read as much as one call may, it says where the next goes on.
 * In one room the order is that of the log; among rooms it is that of time.
 */
#ifndef FCGI_HUNT_H
#define FCGI_HUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stonechat/limits.h>

#include "link.h"
#include "trail.h"

/* A place among the messages of all rooms: what is older than it has not been seen. */
struct hunt_place {
    int64_t at;
    char room[SC_ID_MAX + 1];
    int64_t seq;
};

struct hunt_find {
    struct hunt_place place;
    char *text; /* the message as JSON, with `highlights` */
    size_t bytes;
};

struct hunt_room {
    char id[SC_ID_MAX + 1];
    enum sc_error error;     /* why it can't be searched */
    struct hunt_place bound; /* what is younger has been looked into */
    struct trail trail;
    bool over;
    bool behind; /* so much of it isn't in the index that it should be brought there */
};

struct hunt {
    struct link *link;
    const char *user;
    const struct needle *needle;
    size_t limit;
    struct hunt_room *rooms;
    size_t rooms_count;
    struct hunt_room **order; /* those that are not over, the youngest bound first */
    size_t order_count;
    int64_t blocks_left, segments_left;
    struct hunt_find *finds;
    size_t finds_count, finds_room;
    size_t settled; /* so many of them have nothing younger before them that is yet unread */
    size_t shown;   /* the first so many are the page */
    bool more;
    struct hunt_place next; /* with `more` */
};

/* `user` sees at most `limit` finds. What is lent is lent until hunt_deinit. */
void hunt_init(struct hunt *hunt, struct link *link, const char *user, const struct needle *needle,
               size_t limit);
void hunt_deinit(struct hunt *hunt);

void hunt_add_room(struct hunt *hunt, const char *room);

/* Searches the rooms for what is older than `from` (NULL: from the newest on). An error is one of
 * the connection; whether a room could be searched at all is said in its `error`. */
enum sc_error hunt_run(struct hunt *hunt, const struct hunt_place *from);

/* A room that should be brought further into the index; NULL: none. */
const char *hunt_behind(const struct hunt *hunt);

#endif
