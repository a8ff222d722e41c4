/*
 * store: every question that this half asks of Redis, one function each.
 *
 * Every function returns SC_OK or the error that the question came to: those of link.h, and what
 * the script's head in common/scripts/ says. Texts are lent for the call; what comes out in a
 * struct is the caller's.
 */
#ifndef FCGI_STORE_H
#define FCGI_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stonechat/error.h>
#include <stonechat/schema.h>
#include <stonechat/text.h>
#include <stonechat/token.h>

#include "link.h"
#include "user.h"

enum store_name { STORE_USER_NAME, STORE_ROOM_NAME };

/* --- names and their indexes (store_names.c) --- */

/* Reserves a folded name for a minute; NAME_TAKEN. */
enum sc_error store_name_claim(struct link *link, enum store_name kind, const char *folded,
                               const char *id);
/* CONFLICT: the reservation had run out. */
enum sc_error store_name_keep(struct link *link, enum store_name kind, const char *folded,
                              const char *id);
enum sc_error store_name_release(struct link *link, enum store_name kind, const char *folded,
                                 const char *id);
/* The id that owns the name, "" when none does. */
enum sc_error store_name_find(struct link *link, enum store_name kind, const char *folded,
                              char id_out[SC_ID_MAX + 1]);

enum sc_error store_index_add(struct link *link, enum store_name kind, const char *folded,
                              const char *id);
enum sc_error store_index_remove(struct link *link, enum store_name kind, const char *folded,
                                 const char *id);
/* Members of the index that begin with `prefix`, after the member `after` ("": from the first), at
 * most `most`. Each row of the answer is FOLDED\x01ID: store_index_id. */
enum sc_error store_index_page(struct link *link, enum store_name kind, const char *prefix,
                               const char *after, int64_t most, struct answer *out);
/* The id in a member; "" when it holds none. */
const char *store_index_id(const char *member);

/* --- accounts (store_users.c) --- */

struct store_account {
    const char *id;
    const char *name;
    const char *display;
    const char *role;
    const char *hash;
};
enum sc_error store_account_open(struct link *link, const struct store_account *account,
                                 uint64_t *created_at_out);
/* Sets one field of the user's hash; NOT_FOUND. */
enum sc_error store_account_set(struct link *link, const char *user, const char *field,
                                const char *value);
enum sc_error store_account_close(struct link *link, const char *user);
/* NOT_FOUND when there is no such account. */
enum sc_error store_user(struct link *link, const char *id, struct user *out);
/* Many at once: `users` of them, whose ids are set; the name of one that is gone stays NULL. */
enum sc_error store_users(struct link *link, struct user *users, size_t count);

struct store_secret {
    char *hash; /* "" where there is no such account */
    bool disabled;
};
/* Asks the same of Redis for an id that is "". The hash is freed by the caller. */
enum sc_error store_secret(struct link *link, const char *user, struct store_secret *out);

/* --- sessions and tickets (store_sessions.c) --- */

enum sc_error store_session_check(struct link *link, const struct sc_token *token, int64_t idle_ms,
                                  struct user *user_out, bool *stale_out);
enum sc_error store_session_touch(struct link *link, const char *user, const char *session,
                                  const char *address);
struct store_session {
    const struct sc_token *token;
    const char *address;
    const char *user_agent;
    int64_t idle_ms;
    int64_t max_ms;
    int64_t most;
};
enum sc_error store_session_open(struct link *link, const struct store_session *session,
                                 int64_t *created_at_out, int64_t *expires_at_out);
/* Rows: id, JSON, id, JSON, ... from row 1 on. */
enum sc_error store_session_list(struct link *link, const char *user, int64_t idle_ms,
                                 struct answer *out);
/* One; or with `session` "" all but `spared`, which may be "". */
enum sc_error store_session_end(struct link *link, const char *user, const char *session,
                                const char *spared);
enum sc_error store_ticket(struct link *link, const char *hash, const struct sc_token *token,
                           int64_t ms);

/* --- rates (store_rates.c) --- */

/* RATE_LIMITED, and when to try again. */
enum sc_error store_rate_use(struct link *link, struct sc_key key, int64_t most, int64_t window_ms,
                             int64_t *retry_ms_out);
enum sc_error store_rate_undo(struct link *link, struct sc_key key, int64_t most,
                              int64_t window_ms);
enum sc_error store_strikes_try(struct link *link, struct sc_key key, int64_t *retry_ms_out);
enum sc_error store_strikes_clear(struct link *link, struct sc_key key);

/* --- rooms and memberships (store_rooms.c) --- */

struct store_room {
    const char *id;
    const char *owner; /* "": nobody's */
    const char *tail;  /* of the owner's `member` entry */
    const char *name;
    const char *title;
    const char *topic;
    const char *kind;
};
enum sc_error store_room_open(struct link *link, const struct store_room *room, uint64_t *seq_out);
/* The rows of room_view.lua's answer. */
enum store_view {
    VIEW_NAME = 1,
    VIEW_TITLE,
    VIEW_TOPIC,
    VIEW_KIND,
    VIEW_CREATED_AT,
    VIEW_BY,
    VIEW_SEQ,
    VIEW_N,
    VIEW_ROLE, /* "": not a member */
    VIEW_READ,
    VIEW_UNREAD,
    VIEW_LAST /* the newest message's entry, or "" */
};
enum sc_error store_room_view(struct link *link, const char *room, const char *user,
                              struct answer *out);
/* The same question as part of a batch. */
void store_room_view_ask(struct ask *ask, const char *room, const char *user);
void store_room_members_ask(struct ask *ask, const char *room);

/* The user's own list: rows room, seq, room, seq, ... */
enum sc_error store_user_rooms(struct link *link, const char *user, struct answer *out);
enum sc_error store_user_rooms_count(struct link *link, const char *user, int64_t *count_out);

struct store_membership {
    bool fresh;   /* joined just now */
    char *member; /* JSON {role, joined_at, seq}; freed by the caller */
    uint64_t read;
};
enum sc_error store_room_join(struct link *link, const char *room, const char *user,
                              const char *tail, struct store_membership *out);
enum sc_error store_room_leave(struct link *link, const char *room, const char *user,
                               const char *tail, bool forced, uint64_t *seq_out);
/* The JSON of the members hash; NULL when the user is no member. Freed by the caller. */
enum sc_error store_member(struct link *link, const char *room, const char *user,
                           char **member_out);
/* `event` is published to the user's connections when the list has changed; "": none. */
enum sc_error store_membership_add(struct link *link, const char *user, const char *room,
                                   uint64_t seq, const char *event);
enum sc_error store_membership_drop(struct link *link, const char *user, const char *room,
                                    uint64_t seq, const char *event);
/* The ids of all members, in no order; NOT_FOUND and FORBIDDEN as for a room's messages. */
enum sc_error store_members(struct link *link, const char *room, const char *user,
                            struct answer *out);
/* Of `count` members: the JSON of the members hash (NULL: gone meanwhile; freed by the caller) and
 * the seq that each has read up to. Both arrays come in zeroed. */
enum sc_error store_members_rows(struct link *link, const char *room, const char *const *users,
                                 size_t count, char **members_out, uint64_t *marks_out);

/* --- messages (store_messages.c) --- */

enum sc_error store_message_send(struct link *link, const char *room, const char *user,
                                 const char *key, const char *tail, struct answer *out);
struct store_page {
    const char *room;
    const char *user;
    const char *direction; /* before or after */
    int64_t seq;
    int64_t limit;
};
/* The rows of message_page.lua's answer; entries from PAGE_ENTRIES on. */
enum store_page_row { PAGE_FIRST = 1, PAGE_LAST, PAGE_MORE, PAGE_ENTRIES };
enum sc_error store_message_page(struct link *link, const struct store_page *page,
                                 struct answer *out);
enum sc_error store_room_read(struct link *link, const char *room, const char *user, int64_t seq,
                              const char *event);
enum sc_error store_publish(struct link *link, struct sc_key channel, const char *text,
                            size_t bytes);
enum sc_error store_ping(struct link *link);

#endif
