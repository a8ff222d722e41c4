/*
 * store_push: devices that want to be woken, what their users wish, and who is to be woken when.
 *
 * As all of the store: SC_OK, or the error that the question came to: those of link.h, and what
 * the script's head in common/scripts/ says. Texts are lent for the call; what comes out in a
 * struct is the caller's.
 */
#ifndef FCGI_STORE_PUSH_H
#define FCGI_STORE_PUSH_H

#include <stonechat/settings.h>

#include "link.h"

/* --- of a user --- */

/* `json`: {endpoint, p256dh, auth}. */
enum { PUSH_OPEN_AT = 1, PUSH_OPEN_ROOMS };
enum sc_error store_push_open(struct link *link, const char *user, const char *session,
                              const char *json, struct answer *out);
/* `endpoint`: only if it is still that one; "": whatever it is. */
enum sc_error store_push_close(struct link *link, const char *user, const char *session,
                               const char *endpoint);
/* For whom a browser is woken, by the hash of its subscription; both "": for nobody yet. */
struct store_push_owner {
    char user[SC_ID_MAX + 1], session[SC_ID_MAX + 1];
};
enum sc_error store_push_owner(struct link *link, const char *hash, struct store_push_owner *out);
enum sc_error store_push_own(struct link *link, const char *hash,
                             const struct store_push_owner *owner, int64_t ms);
/* Row 0 of the answer: its JSON, where there is one. */
enum sc_error store_push_read(struct link *link, const char *user, const char *session,
                              struct answer *out);
/* The same for whoever wakes it, and the user's wishes. */
enum { PUSH_FIND_JSON = 1, PUSH_FIND_WISHES };
enum sc_error store_push_find(struct link *link, const char *user, const char *session,
                              int64_t idle_ms, struct answer *out);
/* The devices of `count` users: as many answers as there are users, each with its rows or none;
 * the array comes in zeroed and each is given back with free. */
enum sc_error store_push_devices(struct link *link, const char *const *users, size_t count,
                                 char **sessions_out);

/* JSON; row 0 of the answer, where there is one. */
enum sc_error store_push_wishes_set(struct link *link, const char *user, const char *json);
enum sc_error store_push_wishes(struct link *link, const char *user, struct answer *out);

/* --- of a room --- */

/* `level`: all, mentions, nothing; "": the usual. */
enum sc_error store_room_notify(struct link *link, const char *room, const char *user,
                                const char *level);
/* The room knows that this member has a device to be woken. */
enum sc_error store_push_join(struct link *link, const char *room, const char *user);
/* The same of one user's many rooms. */
enum sc_error store_push_join_all(struct link *link, const char *user, const struct answer *rooms);
/* Whether there is something in it that nobody has been woken for yet. */
enum sc_error store_push_is_behind(struct link *link, const char *room, bool *behind_out);

/* From row PUSH_ROOM_USERS on user, seq, user, seq, ... */
enum { PUSH_ROOM_CURSOR = 1, PUSH_ROOM_HEAD, PUSH_ROOM_USERS };
struct store_push_look {
    const char *room;
    const char *cursor; /* "0" at first */
    int64_t most;
    const char *usual;
};
enum sc_error store_push_room(struct link *link, const struct store_push_look *look,
                              struct answer *out);
enum sc_error store_push_room_done(struct link *link, const char *room, int64_t head,
                                   const char *users, bool *more_out);

enum {
    PUSH_MESSAGE_KIND = 1,
    PUSH_MESSAGE_TITLE,
    PUSH_MESSAGE_ENTRY,
    PUSH_MESSAGE_FOLD,
    PUSH_MESSAGE_UNREAD
};
enum sc_error store_push_message(struct link *link, const char *room, const char *user, int64_t seq,
                                 const char *usual, struct answer *out);

/* --- what is due --- */

enum store_push_due { PUSH_DUE_ROOM, PUSH_DUE_DEVICE };

/* A room is to be looked at soon, as the settings have it. */
enum sc_error store_push_note_room(struct link *link, const struct sc_settings *settings,
                                   const char *room);
/* `names`: `USER,SESSION,ROOM,SEQ ...`. */
enum sc_error store_push_note_devices(struct link *link, const struct sc_settings *settings,
                                      const char *names, int64_t *dropped_out);
struct store_push_turn {
    int64_t lease_ms, rooms_most, devices_most;
    const char *busy; /* users to whom something is on its way, once for each, with spaces */
    int64_t share;    /* how much of one user's may be, at the same time */
};
enum { PUSH_TAKE_NOW = 1, PUSH_TAKE_WAIT, PUSH_TAKE_WAITING, PUSH_TAKE_ROOMS, PUSH_TAKE_DEVICES };
enum sc_error store_push_take(struct link *link, const struct store_push_turn *turn,
                              struct answer *out);
/* `after_ms`: -1: it has been done. */
enum sc_error store_push_settle(struct link *link, enum store_push_due due, const char *name,
                                int64_t lease, int64_t after_ms);

/* The site's own key, made by whoever asks first; freed by the caller. */
enum sc_error store_push_key(struct link *link, char **private_out);

#endif
