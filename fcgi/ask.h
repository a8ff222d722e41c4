/*
 * ask: one question to Redis, put together word by word: a script with its keys and arguments, or
 * a plain command. Words go by length, so that nothing in them can be taken for protocol.
 *
 *     struct ask ask;
 *     ask_script(&ask, SC_SCRIPT_ROOM_VIEW);
 *     ask_key(&ask, sc_key(SC_KEY_ROOM, room));
 *     ask_text(&ask, user);
 *
 * Texts are lent until the ask has been sent. An ask points into itself: it is never copied.
 */
#ifndef FCGI_ASK_H
#define FCGI_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stonechat/schema.h>
#include <stonechat/script.h>

enum { ASK_WORDS_MAX = 48, ASK_KEYS_MAX = 9, ASK_NUMBERS_MAX = 6, ASK_NUMBER_CHARS = 24 };

struct ask {
    const struct sc_script *script; /* NULL: a plain command */
    bool durable;                   /* what it writes is acknowledged: it must not be lost */
    int words_count;
    int keys_count;
    int numbers_count;
    const char *words[ASK_WORDS_MAX];
    size_t words_bytes[ASK_WORDS_MAX];
    struct sc_key keys[ASK_KEYS_MAX];
    struct sc_key channel;
    char numbers[ASK_NUMBERS_MAX][ASK_NUMBER_CHARS];
};

/* An ask begins with one of these. A script's keys come next, then its arguments. */
void ask_script(struct ask *ask, enum sc_script_id id);
void ask_command(struct ask *ask, const char *name);

void ask_key(struct ask *ask, struct sc_key key);
/* One at most: what a script is to publish on, which is no key of it. */
void ask_channel(struct ask *ask, struct sc_key channel);
void ask_text(struct ask *ask, const char *text);
void ask_bytes(struct ask *ask, const char *text, size_t bytes);
void ask_number(struct ask *ask, int64_t number);

/* To be called before it is sent: whether the script goes by its hash, or (when Redis has lost it)
 * as text. */
void ask_seal(struct ask *ask, bool by_hash);

#endif
