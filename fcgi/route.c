/*
 * route: which endpoint is asked for, and whether it may be.
 *
 * worker hands each exchange to route_serve. What is common to all endpoints is decided here, in
 * one order: is there such a path and method, who asks, from which site, how much, in what form,
 * how often. Only then does a handler see it.
 */
#include "route.h"

#include <stdio.h>
#include <string.h>

#include <stonechat/log.h>

#include "handle.h"
#include "metrics.h"
#include "problem.h"

#define JSON LIMIT(body_bytes)

/* clang-format off */
static const struct route routes[] = {
    {METHOD_GET,    "health",                       WHO_ANYONE, 0,    NULL,                     RATE_NONE,          handle_health_read},
    {METHOD_GET,    "site",                         WHO_ANYONE, 0,    NULL,                     RATE_NONE,          handle_site_read},
    {METHOD_POST,   "users",                        WHO_EITHER, JSON, users_create_fields,      RATE_REGISTRATIONS, handle_users_create},
    {METHOD_GET,    "users",                        WHO_MEMBER, 0,    users_search_fields,      RATE_FINDS,         handle_users_search},
    {METHOD_GET,    "users/{user}",                 WHO_MEMBER, 0,    NULL,                     RATE_NONE,          handle_user_read},
    {METHOD_PATCH,  "users/{user}",                 WHO_ADMIN,  JSON, user_change_fields,       RATE_NONE,          handle_user_change},
    {METHOD_POST,   "sessions",                     WHO_ANYONE, JSON, sessions_create_fields,   RATE_NONE,          handle_sessions_create},
    {METHOD_GET,    "sessions",                     WHO_MEMBER, 0,    NULL,                     RATE_NONE,          handle_sessions_list},
    {METHOD_DELETE, "sessions",                     WHO_MEMBER, 0,    NULL,                     RATE_NONE,          handle_sessions_end},
    {METHOD_DELETE, "sessions/{session}",           WHO_MEMBER, 0,    NULL,                     RATE_NONE,          handle_session_end},
    {METHOD_GET,    "me",                           WHO_MEMBER, 0,    NULL,                     RATE_NONE,          handle_me_read},
    {METHOD_PATCH,  "me",                           WHO_MEMBER, JSON, me_change_fields,         RATE_PROFILES,      handle_me_change},
    {METHOD_DELETE, "me",                           WHO_HOLDER, JSON, me_close_fields,          RATE_NONE,          handle_me_close},
    {METHOD_PUT,    "me/password",                  WHO_HOLDER, JSON, me_password_fields,       RATE_NONE,          handle_me_password},
    {METHOD_POST,   "tickets",                      WHO_MEMBER, 0,    NULL,                     RATE_TICKETS,       handle_tickets_create},
    {METHOD_GET,    "rooms",                        WHO_MEMBER, 0,    rooms_list_fields,        RATE_NONE,          handle_rooms_list},
    {METHOD_POST,   "rooms",                        WHO_HOLDER, JSON, rooms_create_fields,      RATE_ROOMS,         handle_rooms_create},
    {METHOD_GET,    "rooms/{room}",                 WHO_MEMBER, 0,    NULL,                     RATE_NONE,          handle_room_read},
    {METHOD_PATCH,  "rooms/{room}",                 WHO_MEMBER, JSON, room_change_fields,       RATE_ROOM_CHANGES,  handle_room_change},
    {METHOD_DELETE, "rooms/{room}",                 WHO_MEMBER, 0,    NULL,                     RATE_NONE,          handle_room_delete},
    {METHOD_PUT,    "direct/{user}",                WHO_HOLDER, 0,    NULL,                     RATE_DIRECTS,       handle_direct_open},
    {METHOD_GET,    "rooms/{room}/members",         WHO_MEMBER, 0,    members_list_fields,      RATE_NONE,          handle_members_list},
    {METHOD_PUT,    "rooms/{room}/members/{user}",  WHO_MEMBER, JSON, member_join_fields,       RATE_JOINS,         handle_member_join},
    {METHOD_DELETE, "rooms/{room}/members/{user}",  WHO_MEMBER, 0,    NULL,                     RATE_JOINS,         handle_member_leave},
    {METHOD_GET,    "rooms/{room}/bans",            WHO_MEMBER, 0,    members_list_fields,      RATE_NONE,          handle_bans_list},
    {METHOD_PUT,    "rooms/{room}/bans/{user}",     WHO_MEMBER, 0,    NULL,                     RATE_MODERATIONS,   handle_ban_set},
    {METHOD_DELETE, "rooms/{room}/bans/{user}",     WHO_MEMBER, 0,    NULL,                     RATE_MODERATIONS,   handle_ban_lift},
    {METHOD_PUT,    "rooms/{room}/mutes/{user}",    WHO_MEMBER, JSON, mute_set_fields,          RATE_MODERATIONS,   handle_mute_set},
    {METHOD_DELETE, "rooms/{room}/mutes/{user}",    WHO_MEMBER, 0,    NULL,                     RATE_MODERATIONS,   handle_mute_lift},
    {METHOD_POST,   "rooms/{room}/messages",        WHO_LATELY, JSON, messages_send_fields,     RATE_MESSAGES,      handle_messages_send},
    {METHOD_GET,    "rooms/{room}/messages",        WHO_LATELY, 0,    messages_list_fields,     RATE_NONE,          handle_messages_list},
    {METHOD_GET,    "rooms/{room}/export",          WHO_MEMBER, 0,    NULL,                     RATE_EXPORTS,       handle_export_read},
    {METHOD_GET,    "rooms/{room}/messages/{seq}",  WHO_MEMBER, 0,    NULL,                     RATE_NONE,          handle_message_read},
    {METHOD_PATCH,  "rooms/{room}/messages/{seq}",  WHO_MEMBER, JSON, message_edit_fields,      RATE_MESSAGES,      handle_message_edit},
    {METHOD_DELETE, "rooms/{room}/messages/{seq}",  WHO_MEMBER, 0,    NULL,                     RATE_DELETES,       handle_message_delete},
    {METHOD_PUT,    "rooms/{room}/messages/{seq}/reactions/{emoji}", WHO_MEMBER, 0, NULL,       RATE_REACTIONS,     handle_reaction_add},
    {METHOD_DELETE, "rooms/{room}/messages/{seq}/reactions/{emoji}", WHO_MEMBER, 0, NULL,       RATE_REACTIONS,     handle_reaction_remove},
    {METHOD_GET,    "rooms/{room}/pins",            WHO_MEMBER, 0,    NULL,                     RATE_NONE,          handle_pins_list},
    {METHOD_PUT,    "rooms/{room}/pins/{seq}",      WHO_MEMBER, 0,    NULL,                     RATE_PINS,          handle_pin_add},
    {METHOD_DELETE, "rooms/{room}/pins/{seq}",      WHO_MEMBER, 0,    NULL,                     RATE_PINS,          handle_pin_remove},
    {METHOD_PUT,    "rooms/{room}/read",            WHO_LATELY, JSON, read_mark_fields,         RATE_NONE,          handle_read_mark},
    {METHOD_PUT,    "rooms/{room}/notify",          WHO_MEMBER, JSON, room_notify_fields,       RATE_PUSHES,        handle_room_notify},
    {METHOD_GET,    "me/notifications",             WHO_MEMBER, 0,    NULL,                     RATE_NONE,          handle_notifications_read},
    {METHOD_PUT,    "me/notifications",             WHO_MEMBER, JSON, notifications_set_fields, RATE_PUSHES,        handle_notifications_set},
    {METHOD_GET,    "push",                         WHO_MEMBER, 0,    NULL,                     RATE_NONE,          handle_pushes_read},
    {METHOD_POST,   "push",                         WHO_MEMBER, JSON, pushes_create_fields,     RATE_PUSHES,        handle_pushes_create},
    {METHOD_DELETE, "push/{session}",               WHO_MEMBER, 0,    NULL,                     RATE_PUSHES,        handle_push_end},
    {METHOD_POST,   "rooms/{room}/files",           WHO_HOLDER, 0,    files_create_fields,      RATE_FILES,         handle_files_create},
    {METHOD_GET,    "files/{file}/{name}",          WHO_MEMBER, 0,    NULL,                     RATE_NONE,          handle_file_read},
    {METHOD_GET,    "rooms/{room}/search",          WHO_MEMBER, 0,    room_search_fields,       RATE_SEARCHES,      handle_room_search},
    {METHOD_GET,    "search",                       WHO_MEMBER, 0,    search_fields,            RATE_SEARCHES,      handle_search},
    {METHOD_POST,   "rooms/{room}/hooks",           WHO_MEMBER, JSON, hooks_create_fields,      RATE_HOOKS,         handle_hooks_create},
    {METHOD_GET,    "rooms/{room}/hooks",           WHO_MEMBER, 0,    NULL,                     RATE_NONE,          handle_hooks_list},
    {METHOD_DELETE, "rooms/{room}/hooks/{hook}",    WHO_MEMBER, 0,    NULL,                     RATE_NONE,          handle_hook_end},
    {METHOD_POST,   "hooks/{token}",                WHO_TOKEN,  JSON, hook_post_fields,         RATE_HOOK_CALLS,    handle_hook_post},
    {METHOD_DELETE, "users/{user}/sessions",        WHO_ADMIN,  0,    NULL,                     RATE_NONE,          handle_user_sessions_end},
    {METHOD_GET,    "admin/users",                  WHO_ADMIN,  0,    admin_users_fields,       RATE_NONE,          handle_admin_users_list},
    {METHOD_GET,    "admin/rooms",                  WHO_ADMIN,  0,    admin_rooms_fields,       RATE_NONE,          handle_admin_rooms_list},
    {METHOD_GET,    "admin/figures",                WHO_ADMIN,  0,    NULL,                     RATE_NONE,          handle_admin_figures_read},
    {METHOD_GET,    "admin/settings",               WHO_ADMIN,  0,    NULL,                     RATE_NONE,          handle_admin_settings_read},
    {METHOD_POST,   "broadcasts",                   WHO_ADMIN,  JSON, broadcasts_create_fields, RATE_BROADCASTS,    handle_broadcasts_create},
};
/* clang-format on */

enum { ROUTES_COUNT = sizeof routes / sizeof *routes };

_Static_assert((int)ROUTES_COUNT <= (int)METRIC_ROUTES_MAX, "a row of cells for each route");

size_t route_count(void) {
    return ROUTES_COUNT;
}

const struct route *route_at(size_t index) {
    return index < ROUTES_COUNT ? &routes[index] : NULL;
}

size_t route_index(const struct route *route) {
    return (size_t)(route - routes);
}

static bool segment_matches(const char *pattern, size_t bytes, const struct piece *piece) {
    if (pattern[0] == '{') {
        return piece->bytes > 0;
    }
    return bytes == piece->bytes && memcmp(pattern, piece->text, bytes) == 0;
}

/* An argument that holds a NUL is cut short by it and so is no id of ours: it must not match. */
static bool path_matches(const char *pattern, const struct request *request,
                         const char *arguments[EXCHANGE_ARGUMENTS_MAX]) {
    size_t count = 0;
    for (size_t i = 0; i < request->segments_count; i++) {
        const struct piece *piece = &request->segments[i];
        size_t bytes = strcspn(pattern, "/");
        if (bytes == 0 || !segment_matches(pattern, bytes, piece)) {
            return false;
        }
        if (pattern[0] == '{') {
            if (memchr(piece->text, '\0', piece->bytes)) {
                return false;
            }
            arguments[count++] = piece->text;
        }
        pattern += bytes + (pattern[bytes] == '/');
    }
    return *pattern == '\0';
}

enum sc_error route_find(const struct request *request, const struct route **route_out,
                         const char *arguments[EXCHANGE_ARGUMENTS_MAX], char *allow) {
    size_t used = 0;
    for (size_t i = 0; i < ROUTES_COUNT; i++) {
        if (!path_matches(routes[i].path, request, arguments)) {
            continue;
        }
        if (routes[i].method == request->method) {
            *route_out = &routes[i];
            return SC_OK;
        }
        used += (size_t)snprintf(allow + used, ROUTE_ALLOW_MAX - used, "%s%s%s", used ? ", " : "",
                                 method_word(routes[i].method),
                                 routes[i].method == METHOD_GET ? ", HEAD" : "");
    }
    return used ? SC_METHOD_NOT_ALLOWED : SC_NOT_FOUND;
}

static enum sc_error find(struct exchange *x) {
    char allow[ROUTE_ALLOW_MAX];
    enum sc_error error = route_find(&x->request, &x->route, x->arguments, allow);
    if (error == SC_METHOD_NOT_ALLOWED) {
        reply_header(&x->reply, "Allow", allow);
    }
    return error;
}

static enum sc_error check_role(enum who who, const struct user *user) {
    bool may = who == WHO_ADMIN    ? strcmp(user->role, "admin") == 0
               : who == WHO_HOLDER ? !user_is_guest(user)
                                   : true;
    return may ? SC_OK : SC_FORBIDDEN;
}

static enum sc_error authorise(struct exchange *x) {
    enum who who = x->route->who;
    if (who == WHO_ANYONE || who == WHO_TOKEN) {
        return SC_OK;
    }
    enum sc_error error = session_load(x, who == WHO_LATELY);
    if (who == WHO_EITHER && error == SC_UNAUTHENTICATED) {
        return SC_OK;
    }
    return error == SC_OK ? check_role(who, &x->session.user) : error;
}

static enum sc_error decode(struct exchange *x) {
    const struct sc_settings *settings = x->site->settings;
    const struct route *route = x->route;
    enum sc_error error = SC_OK;
    if (route->body_setting) {
        int64_t most = *(const int64_t *)((const char *)settings + route->body_setting);
        error = request_read_body(&x->request, (size_t)most);
    }
    if (error == SC_OK && route->who == WHO_TOKEN) {
        error = request_unwrap_body(&x->request, "payload");
    }
    if (error == SC_OK && route->fields) {
        error = form_decode(&x->form, route->fields, &x->request, settings);
    }
    return error;
}

/* A Redis that can't write counts nothing, but may be read; one that is away can't be either. */
static enum sc_error count(struct exchange *x) {
    enum sc_error error = rate_charge(x, x->route->rate);
    if (error == SC_OK) {
        error = rate_use(x, rate_beside(x->route->rate));
    }
    return error == SC_UNAVAILABLE && x->route->method == METHOD_GET ? SC_OK : error;
}

static enum sc_error dispatch(struct exchange *x) {
    enum sc_error error = find(x);
    if (error == SC_OK) {
        error = authorise(x);
    }
    if (error == SC_OK && x->route->who != WHO_TOKEN) {
        error = origin_check(&x->request, x->session.by);
    }
    if (error == SC_OK) {
        error = decode(x);
    }
    if (error == SC_OK) {
        error = count(x);
    }
    return error == SC_OK ? x->route->handle(x) : error;
}

/* Refusals that an administrator wants to see. */
static void note_refusal(const struct exchange *x, enum sc_error error) {
    if (error == SC_FORBIDDEN || error == SC_CROSS_SITE || error == SC_RATE_LIMITED) {
        handle_note(x, sc_error_row(error)->code, "route", x->route->path);
    }
}

void route_serve(struct exchange *x, enum sc_error decoded) {
    enum sc_error error = decoded == SC_OK ? dispatch(x) : decoded;
    if (error == SC_OK) {
        error = link_settle(x->link);
        if (error == SC_OK) {
            return;
        }
        reply_reset(&x->reply);
    }
    note_refusal(x, error);
    problem_reply(x, error);
}
