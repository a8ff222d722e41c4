/*
 * store_presence: one function each (see store_presence.h).
 */
#include "store_presence.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stonechat/limits.h>

#include <stonechat/memory.h>
#include <stonechat/schema.h>

#include "call.h"

/* Whoever waits for an answer. */
struct waiting {
    union {
        store_beat_fn *on_beat;
        store_ids_fn *on_ids;
        store_leave_fn *on_leave;
        store_count_fn *on_count;
    };
    void *context;
};

static struct waiting *waiting_new(void *context) {
    struct waiting *waiting = sc_xcalloc(1, sizeof *waiting);
    waiting->context = context;
    return waiting;
}

/* --- nodes --- */

static size_t count_of(const char *text, char what) {
    size_t count = 0;
    for (; *text != '\0'; text++) {
        count += *text == what;
    }
    return count;
}

/* {ok, 0, known, dead} or {ok, 1} */
static void on_beat(const redisReply *reply, void *context) {
    enum { OVER = 1, KNOWN, DEAD, SIZE };
    struct waiting *waiting = context;
    enum sc_error error = call_error(reply);
    struct store_beat beat = {.over = true, .known = "", .dead = ""};
    if (error == SC_OK && reply->elements == SIZE) {
        beat = (struct store_beat){.known = reply->element[KNOWN]->str,
                                   .alive = count_of(reply->element[KNOWN]->str, '+'),
                                   .dead = reply->element[DEAD]->str};
    }
    if (waiting->on_beat != NULL) {
        waiting->on_beat(error, &beat, waiting->context);
    }
    free(waiting);
}

void store_node_beat(struct store *store, const char *node, bool fresh, const char *predecessor,
                     store_beat_fn *done, void *context) {
    enum { CLAIM_S = 10 };
    struct waiting *waiting = waiting_new(context);
    waiting->on_beat = done;
    struct sc_key nodes = sc_key(SC_KEY_NODES);
    char alive_ms[24], dead_ms[24], claim_ms[24];
    snprintf(alive_ms, sizeof alive_ms, "%d", SC_NODE_ALIVE_S * 1000);
    snprintf(dead_ms, sizeof dead_ms, "%d", SC_NODE_DEAD_S * 1000);
    snprintf(claim_ms, sizeof claim_ms, "%d", CLAIM_S * 1000);
    const char *arguments[] = {nodes.text, node,    fresh ? "1" : "0", predecessor,
                               alive_ms,   dead_ms, claim_ms,          NULL};
    call_script(store_link(store), SC_SCRIPT_NODE_BEAT, 1, arguments, on_beat, waiting);
}

void store_node_figures(struct store *store, const char *node, const char *figures) {
    struct sc_key key = sc_key(SC_KEY_FIGURES, node);
    char alive_ms[24];
    snprintf(alive_ms, sizeof alive_ms, "%d", SC_NODE_ALIVE_S * 1000);
    const char *words[] = {"SET", key.text, figures, "PX", alive_ms};
    link_command(store_link(store), sizeof words / sizeof *words, words, NULL, NULL, NULL);
}

void store_node_end(struct store *store, const char *node) {
    store_node_beat(store, "", false, node, NULL, NULL);
}

/* Puts `ids` at `arguments`. */
static void append(const char **arguments, char *const *ids, size_t count) {
    for (size_t i = 0; i < count; i++) {
        arguments[i] = ids[i];
    }
}

static void change_users(struct store *store, const char *command, const char *node,
                         char *const *users, size_t count) {
    struct sc_key key = sc_key(SC_KEY_NODE_USERS, node);
    const char **arguments = sc_xcalloc(count + 2, sizeof *arguments);
    arguments[0] = command;
    arguments[1] = key.text;
    append(arguments + 2, users, count);
    link_command(store_link(store), (int)count + 2, arguments, NULL, NULL, NULL);
    free(arguments);
}

void store_node_add(struct store *store, const char *node, char *const *users, size_t count) {
    change_users(store, "SADD", node, users, count);
}

void store_node_remove(struct store *store, const char *node, char *const *users, size_t count) {
    change_users(store, "SREM", node, users, count);
}

static void on_some(const redisReply *reply, void *context) {
    struct waiting *waiting = context;
    enum sc_error error = call_reply_error(reply);
    size_t count = 0;
    const char **ids = error == SC_OK ? call_ids(reply, &count) : NULL;
    waiting->on_ids(error, ids, count, waiting->context);
    free(ids);
    free(waiting);
}

void store_node_some(struct store *store, const char *node, unsigned most, store_ids_fn *done,
                     void *context) {
    struct waiting *waiting = waiting_new(context);
    waiting->on_ids = done;
    struct sc_key key = sc_key(SC_KEY_NODE_USERS, node);
    char count[12];
    snprintf(count, sizeof count, "%u", most);
    const char *arguments[] = {"SRANDMEMBER", key.text, count};
    link_command(store_link(store), 3, arguments, NULL, on_some, waiting);
}

void store_node_forget(struct store *store, const char *node) {
    struct sc_key nodes = sc_key(SC_KEY_NODES);
    const char *arguments[] = {"ZREM", nodes.text, node};
    link_command(store_link(store), 3, arguments, NULL, NULL, NULL);
}

/* --- users --- */

void store_conn_end(struct store *store, const char *user, const char *node, uint64_t number) {
    struct sc_key conns = sc_key(SC_KEY_CONNS, user);
    char field[SC_ID_MAX + 24];
    snprintf(field, sizeof field, "%s:%" PRIu64, node, number);
    const char *arguments[] = {"HDEL", conns.text, field};
    link_command(store_link(store), 3, arguments, NULL, NULL, NULL);
}

/* {ok, gone, {room, ...}} */
static void on_leave(const redisReply *reply, void *context) {
    enum { GONE = 1, ROOMS, SIZE };
    struct waiting *waiting = context;
    enum sc_error error = call_error(reply);
    struct store_leave leave = {.gone = false};
    const char **rooms = NULL;
    if (error == SC_OK && reply->elements == SIZE) {
        leave.gone = reply->element[GONE]->integer != 0;
        rooms = call_ids(reply->element[ROOMS], &leave.rooms_count);
        leave.rooms = rooms;
    }
    waiting->on_leave(error, &leave, waiting->context);
    free(rooms);
    free(waiting);
}

void store_user_leave(struct store *store, const char *user, const char *node, uint64_t last,
                      const char *large, store_leave_fn *done, void *context) {
    struct waiting *waiting = waiting_new(context);
    waiting->on_leave = done;
    const struct sc_key keys[] = {sc_key(SC_KEY_USER, user), sc_key(SC_KEY_USER_ROOMS, user),
                                  sc_key(SC_KEY_CONNS, user), sc_key(SC_KEY_USER_NODES, user),
                                  sc_channel(SC_CHANNEL_PRESENCE)};
    char number[24] = "";
    if (last != UINT64_MAX) {
        snprintf(number, sizeof number, "%" PRIu64, last);
    }
    const char *arguments[] = {keys[0].text, keys[1].text, keys[2].text, keys[3].text, user,
                               node,         number,       keys[4].text, large,        NULL};
    call_script(store_link(store), SC_SCRIPT_USER_LEAVE, 4, arguments, on_leave, waiting);
}

/* --- rooms --- */

static void on_members(const redisReply *reply, void *context) {
    struct waiting *waiting = context;
    enum sc_error error = call_reply_error(reply);
    waiting->on_count(error, error == SC_OK ? reply->integer : 0, waiting->context);
    free(waiting);
}

void store_room_members(struct store *store, const char *room, store_count_fn *done,
                        void *context) {
    struct waiting *waiting = waiting_new(context);
    waiting->on_count = done;
    struct sc_key members = sc_key(SC_KEY_MEMBERS, room);
    const char *arguments[] = {"HLEN", members.text};
    link_command(store_link(store), 2, arguments, NULL, on_members, waiting);
}

/* {ok, count, wait_ms} */
static void on_online(const redisReply *reply, void *context) {
    enum { WAIT = 2, SIZE };
    struct waiting *waiting = context;
    enum sc_error error = call_error(reply);
    bool fine = error == SC_OK && reply->elements == SIZE;
    waiting->on_count(error, fine ? reply->element[WAIT]->integer : -1, waiting->context);
    free(waiting);
}

void store_room_online(struct store *store, const char *room, char *const *come, size_t come_count,
                       char *const *gone, size_t gone_count, store_count_fn *done, void *context) {
    enum { BEFORE = 7, BETWEEN = 1, END = 1 };
    struct waiting *waiting = waiting_new(context);
    waiting->on_count = done;
    const struct sc_key online = sc_key(SC_KEY_ONLINE, room),
                        told = sc_key(SC_KEY_ONLINE_TOLD, room),
                        channel = sc_channel(SC_CHANNEL_ROOM_LIVE, room);
    char good_ms[24], pause_ms[24], comes[24], goes[24];
    snprintf(good_ms, sizeof good_ms, "%d", SC_ONLINE_S * 1000);
    snprintf(pause_ms, sizeof pause_ms, "%d", SC_ONLINE_PAUSE_S * 1000);
    snprintf(comes, sizeof comes, "%zu", come_count);
    snprintf(goes, sizeof goes, "%zu", gone_count);
    const char *before[BEFORE] = {online.text, told.text, channel.text, room,
                                  good_ms,     pause_ms,  comes};
    const char **arguments =
        sc_xcalloc(BEFORE + come_count + BETWEEN + gone_count + END, sizeof *arguments);
    memcpy(arguments, before, sizeof before);
    append(arguments + BEFORE, come, come_count);
    arguments[BEFORE + come_count] = goes;
    append(arguments + BEFORE + come_count + BETWEEN, gone, gone_count);
    call_script(store_link(store), SC_SCRIPT_ROOM_ONLINE, 2, arguments, on_online, waiting);
    free(arguments);
}
