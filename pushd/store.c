/*
 * store: questions to Redis and their answers, decoded (see store.h).
 */
#include "store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stonechat/memory.h>
#include <stonechat/schema.h>

#include "call.h"
#include "metrics.h"

struct store {
    const struct sc_settings *settings;
    struct link *link;
    const struct store_events *events;
    void *context;
};

static void on_link_up(void *context) {
    struct store *store = context;
    store->events->on_up(store->context);
}

static void on_link_down(void *context) {
    struct store *store = context;
    store->events->on_down(store->context);
}

struct store *store_new(struct event_base *base, const struct sc_settings *settings,
                        const struct store_events *store_events, void *context) {
    static const struct link_events events = {.on_up = on_link_up, .on_down = on_link_down};
    struct store *store = sc_xcalloc(1, sizeof *store);
    *store = (struct store){.settings = settings, .events = store_events, .context = context};
    store->link = link_new(base, settings, "commands", &events, store);
    return store;
}

void store_free(struct store **store) {
    struct store *mine = *store;
    *store = NULL;
    if (mine != NULL) {
        link_free(&mine->link);
        free(mine);
    }
}

bool store_is_up(const struct store *store) {
    return link_is_up(store->link);
}

struct link *store_link(const struct store *store) {
    return store->link;
}

/* --- session --- */

struct session_asking {
    store_session_fn *done;
    void *context;
    char user[SC_ID_MAX + 1];
};

enum { NAME = 1, DISPLAY, ROLE, CREATED_AT, ABOUT, STATUS, LEFT, STALE, ROOMS, CAME, ANSWER_SIZE };

static void session_done(struct session_asking *asking, redisReply **e) {
    struct sc_user user = {.person = {asking->user, e[NAME]->str, e[DISPLAY]->str},
                           .role = e[ROLE]->str,
                           .created_at = strtoull(e[CREATED_AT]->str, NULL, 10),
                           .about = e[ABOUT]->str,
                           .status = e[STATUS]->str};
    char *user_json = sc_user_encode(&user);
    char *person_json = sc_person_encode(&user.person);
    struct store_session session = {.user_json = user_json,
                                    .person_json = person_json,
                                    .left_ms = e[LEFT]->integer,
                                    .stale = e[STALE]->integer != 0,
                                    .came = e[CAME]->integer != 0};
    const char **rooms = call_ids(e[ROOMS], &session.rooms_count);
    session.rooms = rooms;
    asking->done(&session, asking->context);
    free(rooms);
    free(user_json);
    free(person_json);
}

static void on_checked(const redisReply *reply, void *context) {
    struct session_asking *asking = context;
    enum sc_error error = call_error(reply);
    if (error == SC_OK && reply->elements == ANSWER_SIZE) {
        session_done(asking, reply->element);
    } else {
        const struct store_session failed = {.error = error == SC_OK ? SC_INTERNAL : error};
        asking->done(&failed, asking->context);
    }
    free(asking);
}

void store_session(struct store *store, const struct sc_token *token, const struct store_here *here,
                   store_session_fn *done, void *context) {
    struct session_asking *asking = sc_xcalloc(1, sizeof *asking);
    asking->done = done;
    asking->context = context;
    strcpy(asking->user, token->user);
    const struct sc_key keys[] = {
        sc_key(SC_KEY_USER, token->user),       sc_key(SC_KEY_SESSIONS, token->user),
        sc_key(SC_KEY_USER_ROOMS, token->user), sc_key(SC_KEY_CONNS, token->user),
        sc_key(SC_KEY_USER_NODES, token->user), sc_channel(SC_CHANNEL_PRESENCE)};
    char idle_ms[24], number[24], most[24];
    snprintf(idle_ms, sizeof idle_ms, "%" PRId64, store->settings->accounts_session_idle_s * 1000);
    snprintf(number, sizeof number, "%" PRIu64, here->number);
    snprintf(most, sizeof most, "%" PRId64, here->most);
    const char *arguments[] = {keys[0].text, keys[1].text,   keys[2].text, keys[3].text,
                               keys[4].text, token->session, token->hash,  idle_ms,
                               token->user,  here->node,     number,       here->known,
                               most,         keys[5].text,   here->large,  NULL};
    call_script(store->link, SC_SCRIPT_SESSION_CHECK, 5, arguments, on_checked, asking);
}

void store_session_touch(struct store *store, const char *user, const char *session) {
    struct sc_key sessions = sc_key(SC_KEY_SESSIONS, user);
    const char *arguments[] = {sessions.text, session, "", NULL};
    call_script(store->link, SC_SCRIPT_SESSION_TOUCH, 1, arguments, NULL, NULL);
}

/* --- ticket --- */

struct ticket_asking {
    store_ticket_fn *done;
    void *context;
};

/* "USER SESSION HASH" */
static bool read_ticket(const redisReply *reply, struct sc_token *out) {
    _Static_assert(SC_ID_MAX == 32 && SC_HASH_CHARS == 64, "the widths below");
    return reply->type == REDIS_REPLY_STRING &&
           sscanf(reply->str, "%32s %32s %64s", out->user, out->session, out->hash) == 3;
}

static void on_ticket(const redisReply *reply, void *context) {
    struct ticket_asking *asking = context;
    struct sc_token token = {0};
    enum sc_error error = call_reply_error(reply);
    if (error == SC_OK && !read_ticket(reply, &token)) {
        error = SC_BAD_CREDENTIALS;
    }
    asking->done(error, &token, asking->context);
    free(asking);
}

void store_ticket(struct store *store, const char *hash, store_ticket_fn *done, void *context) {
    struct ticket_asking *asking = sc_xmalloc(sizeof *asking);
    *asking = (struct ticket_asking){.done = done, .context = context};
    struct sc_key key = sc_key(SC_KEY_TICKET, hash);
    const char *arguments[] = {"GETDEL", key.text};
    link_command(store->link, 2, arguments, NULL, on_ticket, asking);
}

/* --- the log --- */

struct entries_asking {
    store_entries_fn *done;
    void *context;
};

static struct entries_asking *entries_asking_new(store_entries_fn *done, void *context) {
    struct entries_asking *asking = sc_xmalloc(sizeof *asking);
    *asking = (struct entries_asking){.done = done, .context = context};
    return asking;
}

static bool read_entry(const redisReply *value, struct store_entry *out) {
    if (value->type != REDIS_REPLY_STRING) {
        return false;
    }
    out->json = value->str;
    out->bytes = (size_t)value->len;
    return sc_event_peek(out->json, out->bytes, &out->head);
}

static void on_range(const redisReply *reply, void *context) {
    struct entries_asking *asking = context;
    enum sc_error error = call_error(reply);
    size_t most = error == SC_OK ? reply->elements - 1 : 0, count = 0;
    struct store_entry *entries = sc_xcalloc(most + 1, sizeof *entries);
    while (count < most && read_entry(reply->element[1 + count], &entries[count])) {
        count++;
    }
    asking->done(error, entries, count, asking->context);
    free(entries);
    free(asking);
}

/* A stream's row: [id, [field, value, ...]]. */
static bool read_row(const redisReply *row, struct store_entry *out) {
    return row->type == REDIS_REPLY_ARRAY && row->elements == 2 &&
           row->element[1]->type == REDIS_REPLY_ARRAY && row->element[1]->elements >= 2 &&
           read_entry(row->element[1]->element[1], out);
}

static void on_newest(const redisReply *reply, void *context) {
    struct entries_asking *asking = context;
    enum sc_error error = call_reply_error(reply);
    struct store_entry entry;
    size_t count = 0;
    if (error == SC_OK && reply->type == REDIS_REPLY_ARRAY && reply->elements > 0) {
        count = read_row(reply->element[0], &entry) ? 1 : 0;
    }
    asking->done(error, &entry, count, asking->context);
    free(asking);
}

void store_range(struct store *store, const char *room, uint64_t seq, unsigned most,
                 store_entries_fn *done, void *context) {
    const struct sc_key keys[] = {sc_key(SC_KEY_ROOM, room), sc_key(SC_KEY_LOG, room),
                                  sc_key(SC_KEY_FOLD, room)};
    char from[24], count[12];
    snprintf(from, sizeof from, "%" PRIu64, seq);
    snprintf(count, sizeof count, "%u", most);
    const char *arguments[] = {keys[0].text, keys[1].text, keys[2].text, from, count, NULL};
    call_script(store->link, SC_SCRIPT_LOG_RANGE, 3, arguments, on_range,
                entries_asking_new(done, context));
}

/* No script, for the newest is never a hole: whatever makes one is told by an entry after it. */

void store_newest(struct store *store, const char *room, store_entries_fn *done, void *context) {
    struct sc_key log = sc_key(SC_KEY_LOG, room);
    const char *arguments[] = {"XREVRANGE", log.text, "+", "-", "COUNT", "1"};
    link_command(store->link, 6, arguments, NULL, on_newest, entries_asking_new(done, context));
}

static bool may_pass(const struct store *store) {
    if (!link_is_up(store->link)) {
        return false;
    }
    if (link_is_pressed(store->link)) {
        metric_add(metrics->passing_dropped_total, 1);
        return false;
    }
    return true;
}

void store_typing(struct store *store, const char *room, const char *user, const char *json) {
    struct sc_key mutes = sc_key(SC_KEY_MUTES, room);
    struct sc_key channel = sc_channel(SC_CHANNEL_ROOM_LIVE, room);
    const char *arguments[] = {mutes.text, user, channel.text, json, NULL};
    if (may_pass(store)) {
        call_script(store->link, SC_SCRIPT_ROOM_TYPING, 1, arguments, NULL, NULL);
    }
}

bool store_publish(struct store *store, const char *channel, size_t channel_bytes,
                   const char *text) {
    const char *arguments[] = {"PUBLISH", channel, text};
    size_t bytes[] = {7, channel_bytes, strlen(text)};
    bool may = may_pass(store);
    if (may) {
        link_command(store->link, 3, arguments, bytes, NULL, NULL);
    }
    return may;
}
