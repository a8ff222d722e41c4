/*
 * schema: the names of all keys and channels in Redis, one row each.
 *
 * Keys of one room share the hash tag {r:ROOM}, keys of one user {u:USER}, so that every script
 * touches one slot of a cluster. Names are built from ids that the server made, and from folded
 * names; never from raw input. The Lua scripts get them as KEYS and are the only writers of the
 * rows marked "script".
 */
#ifndef STONECHAT_SCHEMA_H
#define STONECHAT_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include <stonechat/limits.h>

/* X(name, format, type, what it holds) */
/* clang-format off */
#define SC_KEYS(X) \
    X(ROOM,         "{r:%s}:room",      "hash, script",   "name, title, topic, kind, created_at, by, seq, n, indexed, pace, keep_days, keep_messages, push; trimmed, trimmed_n: the newest entry that is gone; direct: pair, `USER USER`") \
    X(LOG,          "{r:%s}:log",       "stream, script", "ids SEQ-0; field e: the entry as clients receive it") \
    X(MEMBERS,      "{r:%s}:members",   "hash, script",   "by user: JSON {role, joined_at, seq}") \
    X(BANS,         "{r:%s}:bans",      "hash, script",   "by user: JSON {by, at}") \
    X(LEAVERS,      "{r:%s}:leavers",   "hash, script",   "of a room that was deleted: members whose own list still names it") \
    X(READ,         "{r:%s}:read",      "hash, script",   "by user: `SEQ N OWN`, see room_read.lua") \
    X(FOLD,         "{r:%s}:fold",      "hash, script",   "by seq: JSON {text, edited_at, edits, mentions, reactions, pinned} of a changed message, {entry} of an erased one") \
    X(GONE,         "{r:%s}:gone",      "sorted set, script", "deleted messages: seq, and as score, too") \
    X(PINS,         "{r:%s}:pins",      "hash, script",   "by seq of a message: JSON {by, at, seq}, seq of the entry that told") \
    X(MENTIONS,     "{r:%s}:mention:%s", "sorted set, script", "by user: seq of the unread messages that mention them, and as score, too") \
    X(MUTES,        "{r:%s}:mutes",     "hash, script",   "by user: ms until when they may not write, 0: until it is lifted") \
    X(NOTIFY,       "{r:%s}:notify",    "hash, script",   "by user: what they want to hear of from it: all, mentions, nothing; none: the usual") \
    X(PUSHERS,      "{r:%s}:pushers",   "set, script",    "members who have a device that wants to be woken, or had one") \
    X(FILES,        "{r:%s}:files",     "hash, script",   "by file: `USER SEQ JSON`; SEQ of the message it was sent in, 0: not sent yet; no row: nobody gets it") \
    X(INDEX,        "{r:%s}:ix:%s",     "hash, script",   "of 32,768 entries of the log: by gram the blocks of 128 that hold it, a byte each") \
    X(MESSAGE_KEY,  "{r:%s}:key:%s:%s", "string, script", "by user and key: seq of that message; 7 days") \
    X(HOOKS,        "{r:%s}:hooks",     "hash, script",   "by webhook: JSON {created_at, name, by, hash}") \
    X(USER,         "{u:%s}:user",      "hash, script",   "name, display, role, password, created_at, about, status, disabled; of a host site's user: subject, vouched") \
    X(USER_ROOMS,   "{u:%s}:rooms",     "hash, script",   "by room: seq of the entry that made the user a member") \
    X(USER_PAST,    "{u:%s}:past",      "set, script",    "rooms that the user is or once was a member of") \
    X(ERASURE,      "{u:%s}:erasure",   "hash, script",   "of an account that is closed: by room, up to which seq it has been erased there") \
    X(SESSIONS,     "{u:%s}:sessions",  "hash, script",   "by session: JSON {hash, created_at, seen_at, expires_at, ip, user_agent}") \
    X(PUSHES,       "{u:%s}:pushes",    "hash, script",   "by session: JSON {endpoint, p256dh, auth, created_at} of a device that wants to be woken") \
    X(QUIET,        "{u:%s}:quiet",     "string, script", "JSON {from, to, zone, until, text}: when not to be disturbed, and whether pushes show what was said") \
    X(CONNS,        "{u:%s}:conns",     "hash, script",   "by NODE:NUMBER: the session of a live connection") \
    X(USER_NODES,   "{u:%s}:nodes",     "hash, script",   "by node: ms since when the user is online there; none: offline") \
    X(NODES,        "nodes",            "sorted set",     "workers of the push daemon, by the ms of their last sign of life") \
    X(NODE_USERS,   "{n:%s}:users",     "set",            "users who may be online at that worker") \
    X(FIGURES,      "{n:%s}:figures",   "string",         "what that worker counts, for the page of administrators: JSON; as long as it lives") \
    X(ONLINE,       "{r:%s}:online",    "sorted set, script", "of a large room: users online, by the ms until which that is good") \
    X(ONLINE_TOLD,  "{r:%s}:told",      "string, script", "`COUNT MS`: what was published of that, and when") \
    X(USER_FILES,   "{u:%s}:files",     "hash, script",   "by file of the user: bytes that it counts; `total`: of all") \
    X(FILE,         "file:%s",          "string",         "`ROOM USER`: where that file's rows are") \
    X(FILES_DUE,    "files:due",        "sorted set",     "every file, by the ms at which to see whether it is still wanted") \
    X(USER_RATE,    "{u:%s}:rate:%s",   "list, script",   "by kind: times of the latest uses, newest first") \
    X(ADDRESS_RATE, "rate:%s:%s",       "list, script",   "by kind and address: the same") \
    X(ROOM_RATE,    "{r:%s}:rate:%s",   "list, script",   "by kind: the same") \
    X(HOOK_RATE,    "{r:%s}:rate:%s:%s", "list, script",  "by kind and webhook: the same") \
    X(STRIKES,      "strikes:%s:%s",    "hash, script",   "by name's hash and address: failed logins, and until when the next must wait") \
    X(TICKET,       "ticket:%s",        "string",         "by ticket's hash: `USER SESSION HASH`; 30 s") \
    X(ERASURES,     "erasures",         "hash",           "by user whose account is closed, or about to be: keep or erase, what becomes of the messages") \
    X(CHORE,        "chore:%s",         "string, script", "by the chore's name: the instance of stonechat-fcgi that does it, or did it lately") \
    X(PUSH_KEY,     "push:key",         "string",         "the site's own key for Web Push (VAPID), the private number in base64url") \
    X(PUSH_OWNER,   "push:owner:%s",    "string",         "by hash of a browser's subscription: `USER SESSION`, for whom it is woken; as long as a session may last") \
    X(PUSH_ROOMS,   "{push}:rooms",     "sorted set, script", "rooms in which somebody may have to be woken, by the ms when to look") \
    X(PUSH_DEVICES, "{push}:devices",   "sorted set, script", "USER,SESSION,ROOM to be woken, by the ms when") \
    X(PUSH_FACTS,   "{push}:facts",     "hash, script",   "by the same: `BORN TRIES SEQ NOT_BEFORE`; by user: how many wait") \
    X(NAME,         "name:%s",          "string, script", "id of the user that owns the folded name") \
    X(ROOM_NAME,    "roomname:%s",      "string, script", "id of the room that owns the folded name") \
    X(SUBJECT,      "jwt:%s",           "string, script", "by hash of a host site's issuer and subject: id of the user for whom they stand") \
    X(TOKEN_USED,   "jwtused:%s",       "string",         "by hash of a host site's token: it was used; until it would have expired") \
    X(GUESTS,       "guests",           "sorted set",     "guests, by the ms when to see whether they have gone for good") \
    X(ENDED_ROOMS,  "rooms:ended",      "hash",           "by room that is being deleted: its folded name, where it owns one") \
    X(ADMINS,       "admins",           "set",            "ids of the site's administrators who are not disabled") \
    X(USER_INDEX,   "index:users",      "sorted set",     "FOLDED\\x01ID of names and display names, all with score 0") \
    X(ROOM_INDEX,   "index:rooms",      "sorted set",     "FOLDED\\x01ID of public rooms' names, all with score 0")

#define SC_CHANNELS(X) \
    X(ROOM_LIVE,   "{r:%s}:live",          "log entries and passing events of a room") \
    X(USER_LIVE,   "{u:%s}:live",          "the user's own events: joined, left, mention, revoked") \
    X(USER_ACCOUNT, "{u:%s}:account",      "that the account is no longer as it was") \
    X(NOTICE,      "chat:message",         "a JSON object for every connection, from any program") \
    X(ROOM_NOTICE, "chat:message:room:%s", "the same for the connections in one room") \
    X(USER_NOTICE, "chat:message:user:%s", "the same for one user's connections") \
    X(CANARY,      "canary:%s",            "what a program publishes to itself, to know that it hears") \
    X(PRESENCE,    "presence",             "who came online or went offline, from worker to worker")
/* clang-format on */

enum sc_key_kind {
#define X(name, format, type, what) SC_KEY_##name,
    SC_KEYS(X)
#undef X
        SC_KEY_COUNT
};

enum sc_channel_kind {
#define X(name, format, what) SC_CHANNEL_##name,
    SC_CHANNELS(X)
#undef X
        SC_CHANNEL_COUNT
};

/* A name, ready to be sent by length. Long enough for every row with its longest ids. */
struct sc_key {
    size_t bytes;
    char text[SC_NAME_MAX_BYTES + SC_KEY_MAX + 64];
};

/* Builds the name of a key or channel from its row; one string for each %s of the row. Ends the
 * process rather than cut a name short: what goes in has been checked before. */
struct sc_key sc_key(enum sc_key_kind kind, ...);
struct sc_key sc_channel(enum sc_channel_kind kind, ...);

/* Whether the name is that of a row with one id, which is then in `id_out`. */
bool sc_key_parse(enum sc_key_kind kind, const char *name, size_t bytes,
                  char id_out[SC_ID_MAX + 1]);

/* Which row the name of a channel came from, and the id in it ("" where the row has none); false
 * when it came from none or the id is not one. */
bool sc_channel_parse(const char *name, size_t bytes, enum sc_channel_kind *kind_out,
                      char id_out[SC_ID_MAX + 1]);

#endif
