/*
 * call: a script of common/scripts/ run by its hash, and by its text when Redis has forgotten it
 * (see call.h).
 */
#include "call.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/log.h>
#include <stonechat/memory.h>
#include <stonechat/token.h>

struct call {
    struct link *link;
    link_reply_fn *on_reply;
    void *context;
    int count;
    char *arguments[]; /* EVALSHA, the hash, how many are keys, and what was given */
};

enum { OWN_WORDS = 3 };

static void call_free(struct call *call) {
    for (int i = 0; i < call->count; i++) {
        free(call->arguments[i]);
    }
    free(call);
}

static void on_called(const redisReply *reply, void *context);

static void call_send(struct call *call) {
    link_command(call->link, call->count, (const char **)call->arguments, NULL, on_called, call);
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

void call_script(struct link *link, enum sc_script_id id, int keys, const char *const *arguments,
                 link_reply_fn *on_reply, void *context) {
    size_t count = 0;
    while (arguments[count] != NULL) {
        count++;
    }
    struct call *call = sc_xcalloc(1, sizeof *call + (count + OWN_WORDS) * sizeof(char *));
    *call = (struct call){.link = link, .on_reply = on_reply, .context = context};
    call->arguments[call->count++] = sc_xstrdup("EVALSHA");
    call->arguments[call->count++] = sc_xstrdup(sc_scripts[id].sha1);
    call->arguments[call->count++] = sc_xasprintf("%d", keys);
    for (size_t i = 0; i < count; i++) {
        call->arguments[call->count++] = sc_xstrdup(arguments[i]);
    }
    call_send(call);
}

enum sc_error call_reply_error(const redisReply *reply) {
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

enum sc_error call_error(const redisReply *reply) {
    enum sc_error error = call_reply_error(reply);
    if (error != SC_OK) {
        return error;
    }
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements < 1 ||
        reply->element[0]->type != REDIS_REPLY_STRING) {
        return SC_INTERNAL;
    }
    return sc_error_by_code(reply->element[0]->str, (size_t)reply->element[0]->len);
}

const char **call_ids(const redisReply *reply, size_t *count_out) {
    size_t most = reply->type == REDIS_REPLY_ARRAY ? reply->elements : 0;
    const char **ids = sc_xcalloc(most + 1, sizeof *ids);
    *count_out = 0;
    for (size_t i = 0; i < most; i++) {
        const redisReply *id = reply->element[i];
        if (id->type == REDIS_REPLY_STRING && sc_id_valid(id->str, (size_t)id->len)) {
            ids[(*count_out)++] = id->str;
        }
    }
    return ids;
}
