/*
 * handle: what the endpoints do, one function each, and the fields that they take.
 *
 * A handler finds its exchange authorised and its fields checked: it asks the store and replies.
 * What it returns other than SC_OK is answered for it.
 */
#ifndef FCGI_HANDLE_H
#define FCGI_HANDLE_H

#include "exchange.h"
#include "store_rooms.h"

/* clang-format off */
#define HANDLERS(X) \
    X(health_read) X(site_read) \
    X(users_create) X(users_search) X(user_read) X(user_change) \
    X(sessions_create) X(sessions_list) X(sessions_end) X(session_end) \
    X(me_read) X(me_change) X(me_close) X(me_password) \
    X(tickets_create) \
    X(rooms_list) X(rooms_create) X(room_read) X(room_change) X(room_delete) X(direct_open) \
    X(members_list) X(member_join) X(member_leave) \
    X(bans_list) X(ban_set) X(ban_lift) X(mute_set) X(mute_lift) \
    X(messages_send) X(messages_list) X(export_read) \
    X(message_read) X(message_edit) X(message_delete) \
    X(reaction_add) X(reaction_remove) \
    X(pins_list) X(pin_add) X(pin_remove) \
    X(read_mark) \
    X(room_search) X(search) \
    X(hooks_create) X(hooks_list) X(hook_end) X(hook_post) \
    X(files_create) X(file_read) \
    X(pushes_read) X(pushes_create) X(push_end) \
    X(notifications_read) X(notifications_set) X(room_notify) \
    X(broadcasts_create) \
    X(admin_users_list) X(user_sessions_end) X(admin_rooms_list) \
    X(admin_figures_read) X(admin_settings_read)
/* clang-format on */

#define X(name) enum sc_error handle_##name(struct exchange *x);
HANDLERS(X)
#undef X

extern const struct form_field users_create_fields[];
extern const struct form_field users_search_fields[];
extern const struct form_field user_change_fields[];
extern const struct form_field sessions_create_fields[];
extern const struct form_field me_change_fields[];
extern const struct form_field me_close_fields[];
extern const struct form_field me_password_fields[];
extern const struct form_field rooms_list_fields[];
extern const struct form_field rooms_create_fields[];
extern const struct form_field room_change_fields[];
extern const struct form_field members_list_fields[];
extern const struct form_field member_join_fields[];
extern const struct form_field mute_set_fields[];
extern const struct form_field messages_send_fields[];
extern const struct form_field messages_list_fields[];
extern const struct form_field message_edit_fields[];
extern const struct form_field read_mark_fields[];
extern const struct form_field room_search_fields[];
extern const struct form_field search_fields[];
extern const struct form_field hooks_create_fields[];
extern const struct form_field hook_post_fields[];
extern const struct form_field files_create_fields[];
extern const struct form_field pushes_create_fields[];
extern const struct form_field notifications_set_fields[];
extern const struct form_field room_notify_fields[];
extern const struct form_field broadcasts_create_fields[];
extern const struct form_field admin_users_fields[];
extern const struct form_field admin_rooms_fields[];

/* The rows of a page: `limit` as asked for, else 50 where the setting allows. */
int64_t handle_page_size(const struct exchange *x, const struct form_value *limit);
/* The path's {room}, where it has the form of an id; else NULL. */
const char *handle_room_id(const struct exchange *x);
/* The path's {seq}, which comes after {room}; 0 where it is no number of an entry. */
int64_t handle_seq(const struct exchange *x);
/* On whose behalf the store is asked. */
struct store_caller handle_caller(const struct exchange *x);
/* The id that the path's {…} number `i` is, `me` being the caller's own; NULL: not of that form. */
const char *handle_user_id(const struct exchange *x, size_t i);
/* The account that the path's {…} number `i` names in that way; NOT_FOUND. To be
 * given back with user_deinit where it is OK. */
enum sc_error handle_user(const struct exchange *x, size_t i, struct user *out);
/* Replies with {room}, as the caller sees it. */
enum sc_error handle_reply_room(struct exchange *x, int status, const char *id);
/* Answers with the message that a script says was sent to the room: 201, or 200 where it had been
 * before; sees to it that the log is indexed. True where it is new. */
bool handle_reply_sent(struct exchange *x, const char *room, const struct answer *sent);
/* Logs a security event with the user, the address and one more field (its value may be NULL). */
void handle_note(const struct exchange *x, const char *event, const char *field, const char *value);

#endif
