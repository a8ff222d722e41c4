/*
 * call: a script of common/scripts/ run by its hash, and by its text when Redis has forgotten it
 * (see call.h).
 */
#include "call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stonechat/log.h>
#include <stonechat/memory.h>
#include <stonechat/token.h>

#include "resp.h"

/* EVALSHA, the hash, how many are keys, and what was given, whose text follows. */
enum { VERB, BODY, KEYS_COUNT, OWN_WORDS };

struct call {
    struct link *link;
    link_reply_fn *on_reply;
    void *context;
    enum sc_script_id script;
    bool is_whole; /* it has been sent as text */
    int count;
    const char *words[];
};

static void on_called(const redisReply *reply, void *context);

static void call_send(struct call *call) {
    link_command(call->link, call->count, call->words, NULL, on_called, call);
}

static bool is_no_script(const redisReply *reply) {
    return reply != NULL && reply->type == REDIS_REPLY_ERROR &&
           strncmp(reply->str, "NOSCRIPT", 8) == 0;
}

static void on_called(const redisReply *reply, void *context) {
    struct call *call = context;
    if (is_no_script(reply) && !call->is_whole) {
        call->is_whole = true;
        call->words[VERB] = "EVAL";
        call->words[BODY] = sc_scripts[call->script].text;
        call_send(call);
        return;
    }
    if (call->on_reply != NULL) {
        call->on_reply(reply, call->context);
    }
    free(call);
}

/* One piece of memory for all of it: there is a call for every handshake. */
static struct call *call_new(size_t count, size_t text_bytes, char **text_out) {
    size_t head_bytes = sizeof(struct call) + (OWN_WORDS + count) * sizeof(char *);
    struct call *call = sc_xmalloc(head_bytes + text_bytes);
    *text_out = (char *)call + head_bytes;
    return call;
}

void call_script(struct link *link, enum sc_script_id id, int keys, const char *const *arguments,
                 link_reply_fn *on_reply, void *context) {
    size_t count = 0, text_bytes = sizeof "-2147483648";
    while (arguments[count] != NULL) {
        text_bytes += strlen(arguments[count++]) + 1;
    }
    char *text;
    struct call *call = call_new(count, text_bytes, &text);
    *call = (struct call){.link = link,
                          .on_reply = on_reply,
                          .context = context,
                          .script = id,
                          .count = OWN_WORDS + (int)count};
    call->words[VERB] = "EVALSHA";
    call->words[BODY] = sc_scripts[id].sha1;
    call->words[KEYS_COUNT] = text;
    text += sprintf(text, "%d", keys) + 1;
    for (size_t i = 0; i < count; i++) {
        call->words[OWN_WORDS + i] = text;
        text = stpcpy(text, arguments[i]) + 1;
    }
    call_send(call);
}

enum sc_error call_reply_error(const redisReply *reply) {
    if (reply == NULL) {
        return SC_UNAVAILABLE;
    }
    if (reply->type == REDIS_REPLY_ERROR) {
        bool passing = resp_is_passing(reply);
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
