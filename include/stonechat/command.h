/*
 * command: what a WebSocket client may say, decoded from one text message.
 *
 * Members that are not known are ignored; a member of the wrong type, a command that is not known
 * or JSON that jansson refuses (duplicates, bad UTF-8, NUL, depth) is an error. The longest message
 * is SC_CLIENT_FRAME_MAX bytes, checked by the frame codec before it comes here.
 */
#ifndef STONECHAT_COMMAND_H
#define STONECHAT_COMMAND_H

#include <stddef.h>
#include <stdint.h>

#include <stonechat/error.h>
#include <stonechat/limits.h>

/* X(name, word) */
/* clang-format off */
#define SC_COMMANDS(X) \
    X(RESUME,      "resume") \
    X(PING,        "ping") \
    X(SUBSCRIBE,   "subscribe") \
    X(UNSUBSCRIBE, "unsubscribe") \
    X(TYPING,      "typing")
/* clang-format on */

enum sc_command_type {
#define X(name, word) SC_COMMAND_##name,
    SC_COMMANDS(X)
#undef X
        SC_COMMAND_COUNT
};

/* Where a client stands in one room: it holds everything up to and with entry `seq`. */
struct sc_cursor {
    char room[SC_ID_MAX + 1];
    uint64_t seq;
    uint64_t at; /* of the entry `seq`; 0: the client did not say */
};

enum { SC_PING_ID_MAX = 64 }; /* bytes */

struct sc_command {
    enum sc_command_type type;
    struct sc_cursor *cursors; /* resume */
    size_t cursors_count;
    char *id;                     /* ping; NULL where absent */
    char (*rooms)[SC_ID_MAX + 1]; /* subscribe, unsubscribe; typing: one */
    size_t rooms_count;
};

/* SC_OK and a command to be given back with sc_command_deinit; or BAD_JSON (not a JSON object, or
 * too deep) or INVALID (a member's type or value, an unknown type), and nothing to give back. */
enum sc_error sc_command_decode(const char *json, size_t bytes, struct sc_command *out);
void sc_command_deinit(struct sc_command *command);

/* The word that stands for it in a client's message. */
const char *sc_command_word(enum sc_command_type type);

#endif
