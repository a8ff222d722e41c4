/*
 * rate: how often something may be done, in any window of time: one row each.
 */
#ifndef FCGI_RATE_H
#define FCGI_RATE_H

#include <stonechat/error.h>
#include <stonechat/schema.h>

#include "credit.h"
#include "link.h"

struct exchange;

/* X(name, word, whose, setting, window in ms). ROOM: of the room in the request's path; HOOK: of
 * the webhook that posts. Each costs a question to Redis, but for a room's messages, which
 * message_send.lua counts: what is read all the time is left to nginx. */
/* clang-format off */
#define RATES(X) \
    X(MESSAGES,      "messages",       USER,    limits_messages_per_10s,          10000) \
    X(ROOM_MESSAGES, "messages",       ROOM,    limits_room_messages_per_10s,     10000) \
    X(DELETES,       "deletes",        USER,    limits_deletes_per_minute,        60000) \
    X(REACTIONS,     "reactions",      USER,    limits_reactions_per_minute,      60000) \
    X(PINS,          "pins",           USER,    limits_pins_per_minute,           60000) \
    X(FILES,         "files",          USER,    limits_files_per_minute,          60000) \
    X(SEARCHES,      "searches",       USER,    limits_searches_per_minute,       60000) \
    X(EXPORTS,       "exports",        USER,    limits_exports_per_hour,          3600000) \
    X(ROOMS,         "rooms",          USER,    limits_rooms_per_hour,            3600000) \
    X(ROOM_CHANGES,  "changes",        ROOM,    limits_room_changes_per_hour,     3600000) \
    X(DIRECTS,       "directs",        USER,    limits_directs_per_hour,          3600000) \
    X(JOINS,         "joins",          USER,    limits_joins_per_minute,          60000) \
    X(ROOM_JOINS,    "joins",          ROOM,    limits_room_joins_per_minute,     60000) \
    X(MODERATIONS,   "moderations",    USER,    limits_moderations_per_minute,    60000) \
    X(FINDS,         "finds",          USER,    limits_finds_per_minute,          60000) \
    X(PROFILES,      "profiles",       USER,    limits_profile_changes_per_hour,  3600000) \
    X(TICKETS,       "tickets",        USER,    limits_tickets_per_minute,        60000) \
    X(BROADCASTS,    "broadcasts",     USER,    limits_broadcasts_per_minute,     60000) \
    X(PUSHES,        "pushes",         USER,    limits_pushes_per_minute,         60000) \
    X(REGISTRATIONS, "registrations",  ADDRESS, limits_logins_per_minute,         60000) \
    X(LOGINS,        "logins",         ADDRESS, limits_logins_per_minute,         60000) \
    X(HOOKS,         "hooks",          ROOM,    limits_hooks_per_hour,            3600000) \
    X(HOOK_CALLS,    "hook_calls",     ADDRESS, limits_hook_calls_per_minute,     60000) \
    X(HOOK_POSTS,    "hook_posts",     HOOK,    limits_hook_posts_per_minute,     60000)
/* clang-format on */

enum rate {
    RATE_NONE,
#define X(name, word, whose, setting, window) RATE_##name,
    RATES(X)
#undef X
};

/* A use that is counted on the way (rate_charge); lent to the link until it has gone. */
struct rate_due {
    struct link_rider rider;
    struct credit *credit;
    struct sc_key key;
    bool refused; /* one too many, as turned out; it wasn't counted */
};

/* How many may be, of the exchange's user; 0: as many as come. */
int64_t rate_most(const struct exchange *x, enum rate rate);
/* What else is counted with it, or NONE. */
enum rate rate_beside(enum rate rate);

/* Counts one use by the exchange's user, address or room; RATE_LIMITED with `retry_ms` set when
 * that would be one too many. Nothing is counted where the setting is 0. */
enum sc_error rate_use(struct exchange *x, enum rate rate);
/* The same under a key that the caller knows: of what is neither a user nor an address. */
enum sc_error rate_use_under(struct exchange *x, enum rate rate, struct sc_key key);
/*
 * The same, but where less than half of a user's limit was used up when they were counted last, the
 * next use is counted together with the next question to Redis instead of before it. In one process
 * the limit stays exact; where a user has used it up by others meanwhile, each lets one too many
 * through, and no more until there is room again.
 */
enum sc_error rate_charge(struct exchange *x, enum rate rate);
/* Takes the latest use back. */
void rate_undo(struct exchange *x, enum rate rate);

/* A client's address as rates know it: an IPv6 host owns a /64, so that counts as one. */
void rate_address(const char *address, char out[64]);

#endif
