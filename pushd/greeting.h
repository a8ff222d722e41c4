/*
 * greeting: what is said first on a connection to Redis, and whether the answers let us in.
 *
 * AUTH, SELECT, ROLE, as far as `redis.url` asks for them, and PING: all are sent at once, the
 * answers come in the same order. Pure: link sends the lines and hands over what comes.
 */
#ifndef PUSHD_GREETING_H
#define PUSHD_GREETING_H

#include <hiredis/hiredis.h>
#include <stdbool.h>
#include <stddef.h>

#include <stonechat/endpoint.h>

enum { GREETING_LINES = 4, GREETING_WORDS = 3 };

struct greeting_line {
    int count;
    const char *words[GREETING_WORDS];
    /* NULL, or why the connection is no good. */
    const char *(*judge)(const redisReply *reply, const char *name);
};

struct greeting {
    struct greeting_line lines[GREETING_LINES];
    size_t count, heard;
    const char *name;  /* of the link, for the log */
    char database[12]; /* a line points here: not to be copied */
};

/* `to` and `name` are lent for as long as the greeting is used. */
void greeting_init(struct greeting *greeting, const struct sc_endpoint *to, bool only_a_master,
                   const char *name);

/* The answer to the next line. NULL, or why the connection is no good. */
const char *greeting_hear(struct greeting *greeting, const redisReply *reply);
/* Everything has been answered. */
bool greeting_is_over(const struct greeting *greeting);

#endif
