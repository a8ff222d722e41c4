/*
 * store_presence: what was noted counts as long as the worker that noted it lives, or its users
 * may still come back: so the list of workers is asked for in the same round trip. It may come
 * last, where Redis has forgotten the script, and is looked at when all is there.
 */
#include "store_presence.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/limits.h>
#include <stonechat/memory.h>

/* Somebody, or a session, is noted at a worker. */
struct noted {
    size_t i;
    char *node;
};

struct asking {
    const char *const *ids; /* users, or the sessions of `user` */
    size_t count;
    const char *user;
    char *nodes; /* ` NODE NODE `; NULL: not known */
    struct noted *noted;
    size_t noted_count;
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

/* `field` is NODE, or begins with it and a colon. */
static void note(struct asking *asking, size_t i, const char *field) {
    size_t count = asking->noted_count++;
    asking->noted = sc_xrealloc(asking->noted, (count + 1) * sizeof *asking->noted);
    asking->noted[count] =
        (struct noted){i, sc_xasprintf(" %.*s ", (int)strcspn(field, ":"), field)};
}

/* What was noted counts where the worker does. */
static void count_noted(struct asking *asking) {
    for (size_t at = 0; at < asking->noted_count; at++) {
        const struct noted *noted = &asking->noted[at];
        asking->online[noted->i] |=
            asking->nodes != NULL && strstr(asking->nodes, noted->node) != NULL;
        free(noted->node);
    }
    free(asking->noted);
    free(asking->nodes);
}

static enum sc_error run(struct link *link, struct asking *asking, size_t questions,
                         void (*ask)(void *context, size_t i, struct ask *out),
                         void (*take)(void *context, size_t i, enum sc_error error,
                                      const struct answer *answer)) {
    struct link_batch batch = {questions, ask, take, asking};
    memset(asking->online, 0, asking->count * sizeof *asking->online);
    enum sc_error error = link_run(link, &batch);
    count_noted(asking);
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
        note(asking, i - 1, answer_text(answer, node, NULL));
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

static void note_session(struct asking *asking, const char *session, const char *field) {
    for (size_t i = 0; i < asking->count; i++) {
        if (strcmp(asking->ids[i], session) == 0) {
            note(asking, i, field);
        }
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
        note_session(asking, answer_text(answer, at + 1, NULL), answer_text(answer, at, NULL));
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

/* --- nodes --- */

struct looking {
    struct answer nodes; /* from row 1 on */
    void (*see)(void *context, const char *node, const char *figures);
    void *context;
};

static void ask_figures(void *context, size_t i, struct ask *out) {
    const struct looking *looking = context;
    ask_command(out, "GET");
    ask_key(out, sc_key(SC_KEY_FIGURES, answer_text(&looking->nodes, i + 1, NULL)));
}

static void take_figures(void *context, size_t i, enum sc_error error,
                         const struct answer *answer) {
    const struct looking *looking = context;
    if (error == SC_OK && answer_has(answer, 0)) {
        looking->see(looking->context, answer_text(&looking->nodes, i + 1, NULL),
                     answer_text(answer, 0, NULL));
    }
}

enum sc_error store_nodes(struct link *link,
                          void (*see)(void *context, const char *node, const char *figures),
                          void *context) {
    struct looking looking = {.see = see, .context = context};
    struct ask ask;
    ask_nodes(&ask);
    enum sc_error error = link_ask(link, &ask, &looking.nodes);
    size_t count = answer_count(&looking.nodes);
    struct link_batch batch = {count > 0 ? count - 1 : 0, ask_figures, take_figures, &looking};
    if (error == SC_OK) {
        error = link_run(link, &batch);
    }
    answer_deinit(&looking.nodes);
    return error;
}
