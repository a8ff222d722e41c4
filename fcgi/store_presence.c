/*
 * store_presence: what was noted counts as long as the worker that noted it lives, or its users
 * may still come back: so the list of workers is asked for first, in the same round trip.
 */
#include "store_presence.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/limits.h>
#include <stonechat/memory.h>

struct asking {
    const char *const *ids; /* users, or the sessions of `user` */
    size_t count;
    const char *user;
    char *nodes; /* ` NODE NODE ` */
    bool *online;
};

static void ask_nodes(struct ask *out) {
    ask_script(out, SC_SCRIPT_NODE_LIST);
    ask_key(out, sc_key(SC_KEY_NODES));
    ask_number(out, SC_NODE_DEAD_S * 1000);
}

static void take_nodes(struct asking *asking, const struct answer *answer) {
    asking->nodes = sc_xstrdup(" ");
    for (size_t i = 1; i < answer_count(answer); i++) {
        char *longer = sc_xasprintf("%s%s ", asking->nodes, answer_text(answer, i, NULL));
        free(asking->nodes);
        asking->nodes = longer;
    }
}

/* Whether `field`, which is NODE or begins with NODE:, is of a node that counts. */
static bool counts(const struct asking *asking, const char *field) {
    char *word = sc_xasprintf(" %.*s ", (int)strcspn(field, ":"), field);
    bool found = asking->nodes != NULL && strstr(asking->nodes, word) != NULL;
    free(word);
    return found;
}

static enum sc_error run(struct link *link, struct asking *asking, size_t questions,
                         void (*ask)(void *context, size_t i, struct ask *out),
                         void (*take)(void *context, size_t i, enum sc_error error,
                                      const struct answer *answer)) {
    struct link_batch batch = {questions, ask, take, asking};
    memset(asking->online, 0, asking->count * sizeof *asking->online);
    enum sc_error error = link_run(link, &batch);
    free(asking->nodes);
    return error;
}

/* --- users --- */

static void ask_user(void *context, size_t i, struct ask *out) {
    const struct asking *asking = context;
    if (i == 0) {
        ask_nodes(out);
        return;
    }
    ask_command(out, "HKEYS");
    ask_key(out, sc_key(SC_KEY_USER_NODES, asking->ids[i - 1]));
}

static void take_user(void *context, size_t i, enum sc_error error, const struct answer *answer) {
    struct asking *asking = context;
    if (error != SC_OK) {
        return;
    }
    if (i == 0) {
        take_nodes(asking, answer);
        return;
    }
    for (size_t node = 0; node < answer_count(answer); node++) {
        asking->online[i - 1] |= counts(asking, answer_text(answer, node, NULL));
    }
}

enum sc_error store_online_users(struct link *link, const char *const *users, size_t count,
                                 bool *online_out) {
    struct asking asking = {.ids = users, .count = count, .online = online_out};
    return run(link, &asking, count + 1, ask_user, take_user);
}

/* --- sessions --- */

static void ask_conns(void *context, size_t i, struct ask *out) {
    const struct asking *asking = context;
    if (i == 0) {
        ask_nodes(out);
        return;
    }
    ask_command(out, "HGETALL");
    ask_key(out, sc_key(SC_KEY_CONNS, asking->user));
}

static void take_conn(struct asking *asking, const char *session) {
    for (size_t i = 0; i < asking->count; i++) {
        asking->online[i] |= strcmp(asking->ids[i], session) == 0;
    }
}

static void take_conns(void *context, size_t i, enum sc_error error, const struct answer *answer) {
    struct asking *asking = context;
    if (error != SC_OK) {
        return;
    }
    if (i == 0) {
        take_nodes(asking, answer);
        return;
    }
    for (size_t at = 0; at + 1 < answer_count(answer); at += 2) {
        if (counts(asking, answer_text(answer, at, NULL))) {
            take_conn(asking, answer_text(answer, at + 1, NULL));
        }
    }
}

enum sc_error store_online_sessions(struct link *link, const char *user,
                                    const char *const *sessions, size_t count, bool *online_out) {
    struct asking asking = {.ids = sessions, .count = count, .user = user, .online = online_out};
    return run(link, &asking, 2, ask_conns, take_conns);
}

/* --- rooms --- */

enum sc_error store_online_count(struct link *link, const char *room, int64_t *count_out) {
    struct ask ask;
    struct answer answer;
    ask_command(&ask, "ZCARD");
    ask_key(&ask, sc_key(SC_KEY_ONLINE, room));
    enum sc_error error = link_ask(link, &ask, &answer);
    int64_t count = answer_number(&answer, 0);
    *count_out = error == SC_OK && count > 0 ? count : -1;
    answer_deinit(&answer);
    return error;
}
