/*
 * ask: puts together what link sends to Redis.
 *
 * Written by the store's functions, which are the only ones who know what they ask.
 */
#include "ask.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Where EVALSHA's own words stand. */
enum { VERB, BODY, KEYS_COUNT, SCRIPT_WORDS };

/* These write nothing, or nothing that anybody would miss. */
/* clang-format off */
static const bool passing[SC_SCRIPT_COUNT] = {
    [SC_SCRIPT_CHORE_LEAVE] = true,
    [SC_SCRIPT_CHORE_TAKE] = true,
    [SC_SCRIPT_DUE_LIST] = true,
    [SC_SCRIPT_FILE_SEE] = true,
    [SC_SCRIPT_GUEST_LEFT] = true,
    [SC_SCRIPT_INDEX_ADD] = true,
    [SC_SCRIPT_LOG_EXPORT] = true,
    [SC_SCRIPT_HOOK_FIND] = true,
    [SC_SCRIPT_HOOK_LIST] = true,
    [SC_SCRIPT_MESSAGE_PAGE] = true,
    [SC_SCRIPT_MESSAGE_VIEW] = true,
    [SC_SCRIPT_NODE_LIST] = true,
    [SC_SCRIPT_PIN_LIST] = true,
    [SC_SCRIPT_PUSH_FIND] = true,
    [SC_SCRIPT_PUSH_MESSAGE] = true,
    [SC_SCRIPT_PUSH_NOTE] = true,
    [SC_SCRIPT_PUSH_ROOM] = true,
    [SC_SCRIPT_PUSH_ROOM_DONE] = true,
    [SC_SCRIPT_PUSH_SETTLE] = true,
    [SC_SCRIPT_PUSH_TAKE] = true,
    [SC_SCRIPT_RATE] = true,
    [SC_SCRIPT_ROOM_FACTS] = true,
    [SC_SCRIPT_ROOM_READ] = true,
    [SC_SCRIPT_ROOM_VIEW] = true,
    [SC_SCRIPT_SEARCH_BLOCK] = true,
    [SC_SCRIPT_SEARCH_PLACE] = true,
    [SC_SCRIPT_SESSION_CHECK] = true,
    [SC_SCRIPT_SESSION_LIST] = true,
    [SC_SCRIPT_SESSION_TOUCH] = true,
    [SC_SCRIPT_STRIKES] = true,
};
/* clang-format on */

static void begin(struct ask *ask) {
    ask->script = NULL;
    ask->durable = false;
    ask->words_count = ask->keys_count = ask->numbers_count = 0;
}

void ask_script(struct ask *ask, enum sc_script_id id) {
    begin(ask);
    ask->script = &sc_scripts[id];
    ask->durable = !passing[id];
    ask->words_count = SCRIPT_WORDS;
}

void ask_command(struct ask *ask, const char *name) {
    begin(ask);
    ask_text(ask, name);
}

void ask_key(struct ask *ask, struct sc_key key) {
    assert(ask->keys_count < ASK_KEYS_MAX);
    struct sc_key *kept = &ask->keys[ask->keys_count++];
    *kept = key;
    ask_bytes(ask, kept->text, kept->bytes);
}

void ask_channel(struct ask *ask, struct sc_key channel) {
    ask->channel = channel;
    ask_bytes(ask, ask->channel.text, ask->channel.bytes);
}

void ask_text(struct ask *ask, const char *text) {
    ask_bytes(ask, text, strlen(text));
}

void ask_bytes(struct ask *ask, const char *text, size_t bytes) {
    assert(ask->words_count < ASK_WORDS_MAX);
    ask->words[ask->words_count] = text;
    ask->words_bytes[ask->words_count++] = bytes;
}

void ask_number(struct ask *ask, int64_t number) {
    assert(ask->numbers_count < ASK_NUMBERS_MAX);
    char *digits = ask->numbers[ask->numbers_count++];
    snprintf(digits, ASK_NUMBER_CHARS, "%" PRId64, number);
    ask_text(ask, digits);
}

static void set_word(struct ask *ask, int at, const char *text, size_t bytes) {
    ask->words[at] = text;
    ask->words_bytes[at] = bytes;
}

void ask_seal(struct ask *ask, bool by_hash) {
    static const char *const digits[ASK_KEYS_MAX + 1] = {"0", "1", "2", "3", "4",
                                                         "5", "6", "7", "8", "9"};
    const struct sc_script *script = ask->script;
    if (!script) {
        return;
    }
    if (by_hash) {
        set_word(ask, VERB, "EVALSHA", 7);
        set_word(ask, BODY, script->sha1, strlen(script->sha1));
    } else {
        set_word(ask, VERB, "EVAL", 4);
        set_word(ask, BODY, script->text, script->bytes);
    }
    set_word(ask, KEYS_COUNT, digits[ask->keys_count], 1);
}
