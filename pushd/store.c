/*
 * store: questions to Redis and their answers, decoded (see store.h).
 */
#include "store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stonechat/log.h>
#include <stonechat/memory.h>
#include <stonechat/schema.h>
#include <stonechat/script.h>

#include "link.h"

enum { ARGUMENTS_MAX = 12 };

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

/* --- scripts, by hash; by text when Redis has forgotten them --- */

struct call {
    struct store *store;
    link_reply_fn *on_reply;
    void *context;
    int count;
    char *arguments[ARGUMENTS_MAX];
};

static void call_free(struct call *call) {
    for (int i = 0; i < call->count; i++) {
        free(call->arguments[i]);
    }
    free(call);
}

static void on_called(const redisReply *reply, void *context);

static void call_send(struct call *call) {
    link_command(call->store->link, call->count, (const char **)call->arguments, NULL, on_called,
                 call);
}

static bool is_no_script(const redisReply *reply) {
    return reply != NULL && reply->type == REDIS_REPLY_ERROR &&
           strncmp(reply->str, "NOSCRIPT", 8) == 0;
}

static void on_called(const redisReply *reply, void *context) {
    struct call *call = context;
    if (is_no_script(reply) && strcmp(call->arguments[0], "EVALSHA") == 0) {
        enum sc_script_id id = 0;
        while (strcmp(sc_scripts[id].sha1, call->arguments[1]) != 0) {
            id++;
        }
        free(call->arguments[0]);
        free(call->arguments[1]);
        call->arguments[0] = sc_xstrdup("EVAL");
        call->arguments[1] = sc_xstrdup(sc_scripts[id].text);
        call_send(call);
        return;
    }
    if (call->on_reply != NULL) {
        call->on_reply(reply, call->context);
    }
    call_free(call);
}

/* Runs a script; `arguments` are KEYS and then ARGV, ended by NULL. */
static void run_script(struct store *store, enum sc_script_id id, int keys,
                       const char *const *arguments, link_reply_fn *on_reply, void *context) {
    struct call *call = sc_xcalloc(1, sizeof *call);
    *call = (struct call){.store = store, .on_reply = on_reply, .context = context};
    call->arguments[call->count++] = sc_xstrdup("EVALSHA");
    call->arguments[call->count++] = sc_xstrdup(sc_scripts[id].sha1);
    call->arguments[call->count++] = sc_xasprintf("%d", keys);
    for (size_t i = 0; arguments[i] != NULL; i++) {
        call->arguments[call->count++] = sc_xstrdup(arguments[i]);
    }
    call_send(call);
}

/* The error that a reply comes to; a script's first element is a code word. */
static enum sc_error reply_error(const redisReply *reply) {
    if (reply == NULL) {
        return SC_UNAVAILABLE;
    }
    if (reply->type == REDIS_REPLY_ERROR) {
        bool passing = link_reply_is_passing(reply);
        sc_log(SC_LOG_WARNING, "redis_error", "reply", reply->str, NULL);
        return passing ? SC_UNAVAILABLE : SC_INTERNAL;
    }
    return SC_OK;
}

static enum sc_error script_error(const redisReply *reply) {
    enum sc_error error = reply_error(reply);
    if (error != SC_OK) {
        return error;
    }
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements < 1 ||
        reply->element[0]->type != REDIS_REPLY_STRING) {
        return SC_INTERNAL;
    }
    return sc_error_by_code(reply->element[0]->str, (size_t)reply->element[0]->len);
}

/* --- session: the check and the list of rooms, asked together --- */

struct session_asking {
    store_session_fn *done;
    void *context;
    char user[SC_ID_MAX + 1];
    struct store_session session;
    char *user_json, *person_json;
    char **rooms;
    bool checked, listed;
};

static void session_done(struct session_asking *asking) {
    if (!asking->checked || !asking->listed) {
        return;
    }
    asking->session.user_json = asking->user_json;
    asking->session.person_json = asking->person_json;
    asking->session.rooms = (const char *const *)asking->rooms;
    asking->done(&asking->session, asking->context);
    for (size_t i = 0; i < asking->session.rooms_count; i++) {
        free(asking->rooms[i]);
    }
    free(asking->rooms);
    free(asking->user_json);
    free(asking->person_json);
    free(asking);
}

static void session_failed(struct session_asking *asking, enum sc_error error) {
    if (asking->session.error == SC_OK) {
        asking->session.error = error;
    }
}

/* {ok, name, display, role, created_at, about, status, left_ms, stale} */
static void on_checked(const redisReply *reply, void *context) {
    struct session_asking *asking = context;
    enum sc_error error = script_error(reply);
    asking->checked = true;
    if (error == SC_OK && reply->elements == 9) {
        redisReply **e = reply->element;
        struct sc_user user = {.person = {asking->user, e[1]->str, e[2]->str},
                               .role = e[3]->str,
                               .created_at = strtoull(e[4]->str, NULL, 10),
                               .about = e[5]->str,
                               .status = e[6]->str};
        asking->user_json = sc_user_encode(&user);
        asking->person_json = sc_person_encode(&user.person);
        asking->session.left_ms = e[7]->integer;
        asking->session.stale = e[8]->integer != 0;
    } else {
        session_failed(asking, error == SC_OK ? SC_INTERNAL : error);
    }
    session_done(asking);
}

static void on_listed(const redisReply *reply, void *context) {
    struct session_asking *asking = context;
    enum sc_error error = reply_error(reply);
    asking->listed = true;
    if (error == SC_OK && reply->type == REDIS_REPLY_ARRAY) {
        asking->rooms = sc_xcalloc(reply->elements + 1, sizeof *asking->rooms);
        for (size_t i = 0; i < reply->elements; i++) {
            const redisReply *room = reply->element[i];
            if (sc_id_valid(room->str, (size_t)room->len)) {
                asking->rooms[asking->session.rooms_count++] = sc_xstrdup(room->str);
            }
        }
    } else {
        session_failed(asking, error == SC_OK ? SC_INTERNAL : error);
    }
    session_done(asking);
}

void store_session(struct store *store, const struct sc_token *token, store_session_fn *done,
                   void *context) {
    struct session_asking *asking = sc_xcalloc(1, sizeof *asking);
    asking->done = done;
    asking->context = context;
    strcpy(asking->user, token->user);
    struct sc_key user = sc_key(SC_KEY_USER, token->user);
    struct sc_key sessions = sc_key(SC_KEY_SESSIONS, token->user);
    struct sc_key rooms = sc_key(SC_KEY_USER_ROOMS, token->user);
    char idle_ms[24];
    snprintf(idle_ms, sizeof idle_ms, "%" PRId64, store->settings->accounts_session_idle_s * 1000);
    const char *arguments[] = {user.text,   sessions.text, token->session,
                               token->hash, idle_ms,       NULL};
    run_script(store, SC_SCRIPT_SESSION_CHECK, 2, arguments, on_checked, asking);
    const char *list[] = {"HKEYS", rooms.text};
    link_command(store->link, 2, list, NULL, on_listed, asking);
}

void store_session_touch(struct store *store, const char *user, const char *session) {
    struct sc_key sessions = sc_key(SC_KEY_SESSIONS, user);
    const char *arguments[] = {sessions.text, session, "", NULL};
    run_script(store, SC_SCRIPT_SESSION_TOUCH, 1, arguments, NULL, NULL);
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
    enum sc_error error = reply_error(reply);
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

/* A stream's row: [id, [field, value, ...]]. */
static bool read_entry(const redisReply *row, struct store_entry *out) {
    if (row->type != REDIS_REPLY_ARRAY || row->elements != 2 ||
        row->element[1]->type != REDIS_REPLY_ARRAY || row->element[1]->elements < 2) {
        return false;
    }
    const redisReply *value = row->element[1]->element[1];
    out->json = value->str;
    out->bytes = (size_t)value->len;
    return sc_event_peek(out->json, out->bytes, &out->head);
}

static void on_entries(const redisReply *reply, void *context) {
    struct entries_asking *asking = context;
    enum sc_error error = reply_error(reply);
    struct store_entry *entries = NULL;
    size_t count = 0;
    if (error == SC_OK && reply->type == REDIS_REPLY_ARRAY) {
        entries = sc_xcalloc(reply->elements + 1, sizeof *entries);
        while (count < reply->elements && read_entry(reply->element[count], &entries[count])) {
            count++;
        }
    }
    asking->done(error, entries, count, asking->context);
    free(entries);
    free(asking);
}

static void ask_entries(struct store *store, int count, const char **arguments,
                        store_entries_fn *done, void *context) {
    struct entries_asking *asking = sc_xmalloc(sizeof *asking);
    *asking = (struct entries_asking){.done = done, .context = context};
    link_command(store->link, count, arguments, NULL, on_entries, asking);
}

void store_range(struct store *store, const char *room, uint64_t seq, unsigned most,
                 store_entries_fn *done, void *context) {
    struct sc_key log = sc_key(SC_KEY_LOG, room);
    char from[24], count[12];
    snprintf(from, sizeof from, "%" PRIu64 "-0", seq);
    snprintf(count, sizeof count, "%u", most);
    const char *arguments[] = {"XRANGE", log.text, from, "+", "COUNT", count};
    ask_entries(store, 6, arguments, done, context);
}

void store_newest(struct store *store, const char *room, store_entries_fn *done, void *context) {
    struct sc_key log = sc_key(SC_KEY_LOG, room);
    const char *arguments[] = {"XREVRANGE", log.text, "+", "-", "COUNT", "1"};
    ask_entries(store, 6, arguments, done, context);
}

bool store_publish(struct store *store, const char *channel, size_t channel_bytes,
                   const char *text) {
    const char *arguments[] = {"PUBLISH", channel, text};
    size_t bytes[] = {7, channel_bytes, strlen(text)};
    if (!link_is_up(store->link) || link_is_pressed(store->link)) {
        return false;
    }
    link_command(store->link, 3, arguments, bytes, NULL, NULL);
    return true;
}
