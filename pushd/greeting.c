/*
 * greeting: one line after another, and what may be answered to each (see greeting.h).
 */
#include "greeting.h"

#include <stdio.h>
#include <string.h>

#include <stonechat/log.h>

#include "resp.h"

/* Whoever isn't ready yet says so to the last line, too. */
static const char *judge_sign_in(const redisReply *reply, const char *name) {
    if (reply->type != REDIS_REPLY_ERROR || resp_is_passing(reply)) {
        return NULL;
    }
    sc_log(SC_LOG_ERROR, "redis_sign_in_refused", "link", name, NULL);
    return "refused";
}

/* An old master that is back, or that never knew of the failover, may still answer. */
static const char *judge_role(const redisReply *reply, const char *name) {
    (void)name;
    bool is_master = reply->type == REDIS_REPLY_ARRAY && reply->elements > 0 &&
                     reply->element[0]->type == REDIS_REPLY_STRING &&
                     strcmp(reply->element[0]->str, "master") == 0;
    return is_master ? NULL : "not the master";
}

/* Redis has let us in and is not loading. With its disk full it refuses even PING, but reads and
 * publishes all the same. */
static const char *judge_ping(const redisReply *reply, const char *name) {
    (void)name;
    if (reply->type != REDIS_REPLY_ERROR || resp_is_error(reply, "MISCONF")) {
        return NULL;
    }
    return resp_is_passing(reply) ? "not ready" : "refused";
}

static void add(struct greeting *greeting, struct greeting_line line) {
    greeting->lines[greeting->count++] = line;
}

void greeting_init(struct greeting *greeting, const struct sc_endpoint *to, bool only_a_master,
                   const char *name) {
    *greeting = (struct greeting){.name = name};
    if (to->password != NULL && to->user != NULL) {
        add(greeting, (struct greeting_line){3, {"AUTH", to->user, to->password}, judge_sign_in});
    } else if (to->password != NULL) {
        add(greeting, (struct greeting_line){2, {"AUTH", to->password}, judge_sign_in});
    }
    if (to->database != 0) {
        snprintf(greeting->database, sizeof greeting->database, "%d", to->database);
        add(greeting, (struct greeting_line){2, {"SELECT", greeting->database}, judge_sign_in});
    }
    if (only_a_master) {
        add(greeting, (struct greeting_line){1, {"ROLE"}, judge_role});
    }
    add(greeting, (struct greeting_line){1, {"PING"}, judge_ping});
}

const char *greeting_hear(struct greeting *greeting, const redisReply *reply) {
    return greeting->lines[greeting->heard++].judge(reply, greeting->name);
}

bool greeting_is_over(const struct greeting *greeting) {
    return greeting->heard == greeting->count;
}
