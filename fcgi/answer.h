/*
 * answer: what Redis said: rows of texts and numbers, whatever their type on the wire.
 *
 * Index 0 of a script's answer is its code word. An answer that is no array has one row.
 */
#ifndef FCGI_ANSWER_H
#define FCGI_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stonechat/error.h>

struct redisReply;

struct answer {
    struct redisReply *reply; /* NULL: none */
};

void answer_deinit(struct answer *answer);

size_t answer_count(const struct answer *answer);
/* Whether row `i` is there and not nil. */
bool answer_has(const struct answer *answer, size_t i);
/* Row `i`, NUL-terminated and lent by the answer; "" where it has none. `bytes_out` may be NULL. */
const char *answer_text(const struct answer *answer, size_t i, size_t *bytes_out);
/* Row `i` as a number; 0 where it is none. */
int64_t answer_number(const struct answer *answer, size_t i);

/* Row `i`, an array, as an answer of its own; lent: not to be given back. Without rows where it is
 * none. */
struct answer answer_part(const struct answer *answer, size_t i);

/* Whether Redis has lost the script that it was asked to run. */
bool answer_lost_script(const struct answer *answer);
/* Whether this Redis will not take writes: it is a replica, or has lost its own. */
bool answer_is_no_master(const struct answer *answer);
/* Redis's error, or NULL. For the log only. */
const char *answer_fault(const struct answer *answer);
/* What the answer comes to: of a script its code word, of Redis's errors UNAVAILABLE where trying
 * again may help (LOADING, OOM, ...) and INTERNAL otherwise. */
enum sc_error answer_error(const struct answer *answer, bool is_script);

#endif
