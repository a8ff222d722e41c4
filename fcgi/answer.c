/*
 * answer: reads what Redis said.
 *
 * link hands answers to the store, which takes them apart by row. hiredis's types end here.
 */
#include "answer.h"

#include <stdlib.h>
#include <string.h>

#include <hiredis/hiredis.h>

/* First words of Redis's errors that pass: each is answered with 503. */
static const char *const passing[] = {
    "LOADING",  "MISCONF",    "OOM",        "READONLY",
    "BUSY",     "MASTERDOWN", "NOREPLICAS", "CLUSTERDOWN",
    "TRYAGAIN", "NOAUTH",     "WRONGPASS",  "ERR max number of clients reached",
};

void answer_deinit(struct answer *answer) {
    if (answer->reply) {
        freeReplyObject(answer->reply);
    }
    answer->reply = NULL;
}

static const redisReply *row(const struct answer *answer, size_t i) {
    const redisReply *reply = answer->reply;
    if (!reply) {
        return NULL;
    }
    if (reply->type != REDIS_REPLY_ARRAY) {
        return i == 0 ? reply : NULL;
    }
    return i < reply->elements ? reply->element[i] : NULL;
}

size_t answer_count(const struct answer *answer) {
    const redisReply *reply = answer->reply;
    if (!reply || reply->type == REDIS_REPLY_NIL) {
        return 0;
    }
    return reply->type == REDIS_REPLY_ARRAY ? reply->elements : 1;
}

bool answer_has(const struct answer *answer, size_t i) {
    const redisReply *found = row(answer, i);
    return found && found->type != REDIS_REPLY_NIL;
}

const char *answer_text(const struct answer *answer, size_t i, size_t *bytes_out) {
    const redisReply *found = row(answer, i);
    bool is_text =
        found && (found->type == REDIS_REPLY_STRING || found->type == REDIS_REPLY_STATUS);
    if (bytes_out) {
        *bytes_out = is_text ? (size_t)found->len : 0;
    }
    return is_text ? found->str : "";
}

int64_t answer_number(const struct answer *answer, size_t i) {
    const redisReply *found = row(answer, i);
    if (found && found->type == REDIS_REPLY_INTEGER) {
        return found->integer;
    }
    return strtoll(answer_text(answer, i, NULL), NULL, 10);
}

struct answer answer_part(const struct answer *answer, size_t i) {
    const redisReply *found = row(answer, i);
    bool is_array = found && found != answer->reply && found->type == REDIS_REPLY_ARRAY;
    return (struct answer){is_array ? answer->reply->element[i] : NULL};
}

const char *answer_fault(const struct answer *answer) {
    const redisReply *reply = answer->reply;
    return reply && reply->type == REDIS_REPLY_ERROR ? reply->str : NULL;
}

static bool begins_with(const char *fault, const char *word) {
    size_t bytes = strlen(word);
    return strncmp(fault, word, bytes) == 0 && (fault[bytes] == ' ' || fault[bytes] == '\0');
}

bool answer_lost_script(const struct answer *answer) {
    const char *fault = answer_fault(answer);
    return fault && begins_with(fault, "NOSCRIPT");
}

bool answer_is_no_master(const struct answer *answer) {
    const char *fault = answer_fault(answer);
    return fault && (begins_with(fault, "READONLY") || begins_with(fault, "NOREPLICAS") ||
                     begins_with(fault, "MASTERDOWN"));
}

static enum sc_error fault_error(const char *fault) {
    for (size_t i = 0; i < sizeof passing / sizeof *passing; i++) {
        if (begins_with(fault, passing[i])) {
            return SC_UNAVAILABLE;
        }
    }
    return SC_INTERNAL;
}

enum sc_error answer_error(const struct answer *answer, bool is_script) {
    const char *fault = answer_fault(answer);
    if (fault) {
        return fault_error(fault);
    }
    if (!is_script) {
        return SC_OK;
    }
    size_t bytes;
    const char *word = answer_text(answer, 0, &bytes);
    return sc_error_by_code(word, bytes);
}
