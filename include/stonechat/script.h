/*
 * script: the Lua scripts of common/scripts/, embedded by the build.
 *
 * They are the only writers of the keys in schema.h. Each is run by its SHA-1 (EVALSHA); Redis
 * forgets its cache on a restart or failover and answers NOSCRIPT: then EVAL with the text loads
 * and runs it at once. KEYS, ARGV and the answer are described at the head of each file. The
 * first element of every answer is a code word of error.h.
 */
#ifndef STONECHAT_SCRIPT_H
#define STONECHAT_SCRIPT_H

#include <stddef.h>

enum sc_script_id {
    SC_SCRIPT_ACCOUNT_CHANGE,
    SC_SCRIPT_ACCOUNT_CLOSE,
    SC_SCRIPT_ACCOUNT_DISABLE,
    SC_SCRIPT_ACCOUNT_OPEN,
    SC_SCRIPT_ACCOUNT_PASSWORD,
    SC_SCRIPT_ADMIN_DROP,
    SC_SCRIPT_CHORE_LEAVE,
    SC_SCRIPT_CHORE_TAKE,
    SC_SCRIPT_DUE_LIST,
    SC_SCRIPT_DUE_SET,
    SC_SCRIPT_FILE_DROP,
    SC_SCRIPT_FILE_OPEN,
    SC_SCRIPT_FILE_SEE,
    SC_SCRIPT_GUEST_LEFT,
    SC_SCRIPT_HOOK_CLOSE,
    SC_SCRIPT_HOOK_FIND,
    SC_SCRIPT_HOOK_LIST,
    SC_SCRIPT_HOOK_OPEN,
    SC_SCRIPT_HOOK_SEND,
    SC_SCRIPT_INDEX_ADD,
    SC_SCRIPT_LOG_ERASE,
    SC_SCRIPT_LOG_EXPORT,
    SC_SCRIPT_LOG_RANGE,
    SC_SCRIPT_LOG_TRIM,
    SC_SCRIPT_MEMBERSHIP_NOTE,
    SC_SCRIPT_MESSAGE_DELETE,
    SC_SCRIPT_MESSAGE_EDIT,
    SC_SCRIPT_MESSAGE_PAGE,
    SC_SCRIPT_MESSAGE_PIN,
    SC_SCRIPT_MESSAGE_REACT,
    SC_SCRIPT_MESSAGE_SEND,
    SC_SCRIPT_MESSAGE_VIEW,
    SC_SCRIPT_NAME_CLAIM,
    SC_SCRIPT_NAME_FIRST,
    SC_SCRIPT_NAME_KEEP,
    SC_SCRIPT_NAME_RELEASE,
    SC_SCRIPT_NODE_BEAT,
    SC_SCRIPT_NODE_LIST,
    SC_SCRIPT_PIN_LIST,
    SC_SCRIPT_QUOTA_GIVE,
    SC_SCRIPT_QUOTA_TAKE,
    SC_SCRIPT_RATE,
    SC_SCRIPT_ROOM_CHANGE,
    SC_SCRIPT_ROOM_CLEAR,
    SC_SCRIPT_ROOM_DELETE,
    SC_SCRIPT_ROOM_DIRECT,
    SC_SCRIPT_ROOM_FACTS,
    SC_SCRIPT_ROOM_JOIN,
    SC_SCRIPT_ROOM_LEAVE,
    SC_SCRIPT_ROOM_MUTE,
    SC_SCRIPT_ROOM_ONLINE,
    SC_SCRIPT_ROOM_OPEN,
    SC_SCRIPT_ROOM_READ,
    SC_SCRIPT_ROOM_TYPING,
    SC_SCRIPT_ROOM_UNBAN,
    SC_SCRIPT_ROOM_VIEW,
    SC_SCRIPT_SEARCH_BLOCK,
    SC_SCRIPT_SEARCH_PLACE,
    SC_SCRIPT_SESSION_CHECK,
    SC_SCRIPT_SESSION_END,
    SC_SCRIPT_SESSION_LIST,
    SC_SCRIPT_SESSION_OPEN,
    SC_SCRIPT_SESSION_TOUCH,
    SC_SCRIPT_STRIKES,
    SC_SCRIPT_USER_LEAVE,
    SC_SCRIPT_COUNT
};

struct sc_script {
    const char *name;
    const char *text;
    size_t bytes;
    const char *sha1; /* 40 hexadecimal digits */
};

extern const struct sc_script sc_scripts[SC_SCRIPT_COUNT];

#endif
