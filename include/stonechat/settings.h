/*
 * settings: one row a setting, for both programs.
 *
 * From these rows come the struct, the reader of the INI file and of --set, `-h` and the README's
 * table. Both programs read the same file and each uses what it needs. Paths that are relative,
 * also the one in redis.url, are taken from the folder of the file. A key that comes again later
 * wins; an indented line that is no `key = value` goes on with the value above it.
 */
#ifndef STONECHAT_SETTINGS_H
#define STONECHAT_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * INT(section, key, default, least, most, help)   a whole number; 0 is "without limit" where help
 * says so BOOL(section, key, default, help)               yes or no TEXT(section, key, default,
 * help)               any text PATH(section, key, default, help)               a file's path
 * WORD(section, key, default, choices, help)      one of the words in `choices`, separated by |
 */
/* clang-format off */
#define SC_SETTINGS(INT, BOOL, TEXT, PATH, WORD) \
    TEXT(redis, url, "unix:redis.sock", "unix:PATH, redis://[USER:PASSWORD@]HOST[:PORT][/DB], or sentinel://[USER:PASSWORD@]HOST[:PORT][,HOST[:PORT]...]/MASTER[/DB]") \
    TEXT(redis, sentinel_password, "", "what the sentinels ask for, where they ask for one") \
    INT (redis, connect_ms, 500, 10, 60000, "how long a connection to Redis may take, ms") \
    INT (redis, command_ms, 1000, 10, 60000, "how long an answer of Redis may take, ms") \
    INT (redis, wait_replicas, 0, 0, 100, "replicas that must have a write before it is acknowledged; fewer in time: 503") \
    INT (redis, wait_ms, 500, 10, 60000, "how long they may take, ms") \
    PATH(http, socket, "fcgi.sock", "where nginx reaches stonechat-fcgi") \
    INT (http, threads, 16, 1, 512, "requests worked on at the same time") \
    INT (http, hashers, 2, 1, 64, "passwords hashed at the same time, 19 MiB of memory each") \
    INT (http, hash_queue, 8, 0, 512, "requests that may wait for a hasher; more are answered 503") \
    TEXT(http, embed_origins, "", "sites whose pages may show the chat in a frame of theirs, separated by spaces; said to browsers by nginx, whose configuration names them, too; empty: none but its own") \
    PATH(push, socket, "push.sock", "where nginx reaches stonechat-pushd") \
    INT (push, workers, 1, 1, 256, "processes that share the connections") \
    TEXT(push, origins, "", "further origins that may open a WebSocket, or read events, with a cookie; separated by spaces") \
    INT (push, heartbeat_s, 25, 1, 3600, "seconds between pings; one unanswered closes the connection") \
    INT (push, queue_bytes, 1048576, 4096, 67108864, "bytes that may wait for one slow connection before it is made to catch up from the log") \
    INT (push, queue_total_bytes, 67108864, 65536, 1099511627776, "bytes that may wait for all slow connections of one worker together; beyond, each that is slow is made to catch up") \
    INT (push, connections, 16000, 1, 1000000, "connections of one worker; a newcomer beyond is refused") \
    BOOL(push, deflate, yes, "compress for WebSocket clients that offer it (permessage-deflate), a message once for all of them") \
    INT (push, presence_grace_s, 10, 1, 30, "seconds for which who has gone is still online, in case they come back") \
    INT (push, handshake_s, 10, 1, 300, "seconds that an upgrade request may take to arrive") \
    WORD(accounts, registration, "open", "open|invite|closed", "who may create an account") \
    BOOL(accounts, first_admin, yes, "whether the first person who registers at a site without any account is its administrator") \
    INT (accounts, session_idle_s, 2592000, 1, 315360000, "a session unused for so many seconds ends") \
    INT (accounts, session_max_s, 7776000, 1, 315360000, "every session ends after so many seconds") \
    INT (accounts, session_cache_s, 5, 0, 60, "seconds for which stonechat-fcgi may remember a session that Redis has confirmed, while it hears of those that end; 0: asks each time") \
    INT (accounts, sessions_per_user, 50, 1, 1000, "devices a user can be signed in on; one more ends the one unused longest") \
    INT (accounts, ticket_s, 30, 1, 300, "seconds that a ticket is good for") \
    BOOL(accounts, guests, no, "whether anybody may come in as a guest, under a nickname") \
    INT (accounts, guest_s, 86400, 1, 315360000, "seconds after which a guest who was not seen any more is forgotten") \
    WORD(accounts, jwt_alg, "off", "off|HS256|RS256|EdDSA", "the one algorithm of the tokens by which a host site signs in its own users; off: none are taken") \
    TEXT(accounts, jwt_key, "", "of HS256: the secret shared with the host site, 32 bytes at least") \
    PATH(accounts, jwt_key_file, "jwt.pem", "of RS256 and EdDSA: the host site's public key in PEM") \
    TEXT(accounts, jwt_audience, "", "what such a token must name as `aud`; empty: it must name none") \
    TEXT(accounts, jwt_issuer, "", "what it must name as `iss`; empty: whatever it says") \
    INT (accounts, jwt_leeway_s, 10, 0, 300, "seconds by which the host site's clock may be wrong") \
    INT (accounts, jwt_max_age_s, 3600, 10, 31536000, "seconds for which a token may be good, counted from `iat` and until `exp`") \
    BOOL(accounts, jwt_replay, no, "whether a token may be used again as long as it is good") \
    TEXT(rooms, default, "lobby", "id of the room that every account is in") \
    TEXT(rooms, guest_rooms, "", "ids of the rooms that guests are in, and may be in, separated by spaces; empty: the default room, and any that a member may join") \
    INT (rooms, keep_days, 0, 0, 36500, "days for which a room keeps what was said; 0: for ever") \
    INT (rooms, keep_messages, 0, 0, 1000000000, "newest messages that a room keeps; 0: all") \
    PATH(files, dir, "data/files", "folder of what was uploaded; on one filesystem with nginx's client_body_temp_path, and nginx sends from it") \
    INT (files, unsent_s, 3600, 60, 604800, "seconds within which an uploaded file has to be sent; then it is removed") \
    BOOL(notify, push, yes, "whether devices are woken by Web Push, with the site's own keys, for what nobody there has read") \
    WORD(notify, rooms, "mentions", "all|mentions|nothing", "what a member hears of from a room, where they have not said so; of direct rooms always all") \
    TEXT(notify, contact, "", "mailto: or https: address at which operators of push services reach this site's; some insist on one") \
    INT (notify, delay_ms, 2000, 0, 60000, "ms for which a message may still be read somewhere before devices are woken") \
    INT (notify, ttl_s, 86400, 0, 2419200, "seconds for which a push service keeps what it can't deliver; nothing older is sent") \
    INT (notify, queue, 100000, 1, 10000000, "pushes that may wait to be sent; further ones are dropped") \
    INT (notify, parallel, 32, 1, 512, "pushes that are being sent at the same time") \
    INT (notify, timeout_ms, 10000, 100, 60000, "how long sending one may take, ms") \
    BOOL(notify, private_endpoints, no, "whether a push service may be at a private address, and without TLS: for tests") \
    INT (limits, name_chars_min, 2, 1, 32, "characters of a user's or room's name, at least") \
    INT (limits, name_chars, 32, 2, 64, "characters of a user's or room's name, at most") \
    INT (limits, display_chars, 64, 1, 256, "characters of a display name or room title") \
    INT (limits, about_chars, 500, 1, 4000, "characters of a user's about, status or a room's topic") \
    INT (limits, password_chars_min, 8, 8, 64, "characters of a password, at least") \
    INT (limits, password_chars, 256, 64, 1024, "characters of a password, at most") \
    INT (limits, text_chars, 4000, 1, 65536, "characters of a message") \
    INT (limits, text_bytes, 16384, 4, 262144, "bytes of a message in UTF-8") \
    INT (limits, edits_per_message, 100, 0, 1000, "edits of one message; 0: without limit") \
    INT (limits, reactions_per_message, 50, 1, 1000, "different emoji at one message") \
    INT (limits, reaction_uses_per_message, 2000, 1, 10000, "uses of all emoji at one message together") \
    INT (limits, pins_per_room, 100, 1, 1000, "pinned messages of one room") \
    INT (limits, body_bytes, 65536, 1024, 1048576, "bytes of a request's JSON body") \
    INT (limits, file_bytes, 26214400, 1, 1099511627776, "bytes of one file; nginx's client_max_body_size for uploads has to allow as much") \
    INT (limits, files_per_message, 10, 1, 100, "files of one message") \
    INT (limits, files_bytes_per_user, 1073741824, 0, 1099511627776, "bytes of one user's files together, each counted as 4096 at least; 0: without limit") \
    INT (limits, page, 200, 1, 1000, "rows of one answer") \
    INT (limits, messages_per_10s, 20, 0, 100000, "messages of one user in any 10 seconds; 0: without limit") \
    INT (limits, guest_messages_per_10s, 5, 0, 100000, "the same of one guest") \
    INT (limits, room_messages_per_10s, 1000, 0, 1000000, "messages in one room in any 10 seconds, whoever sends them; 0: without limit") \
    INT (limits, deletes_per_minute, 120, 0, 100000, "messages deleted by one user in any minute; 0: without limit") \
    INT (limits, reactions_per_minute, 120, 0, 100000, "reactions added or taken back by one user in any minute; 0: without limit") \
    INT (limits, pins_per_minute, 30, 0, 100000, "messages pinned or unpinned by one user in any minute; 0: without limit") \
    INT (limits, files_per_minute, 60, 0, 100000, "files uploaded by one user in any minute; 0: without limit") \
    INT (limits, searches_per_minute, 60, 0, 100000, "searches by one user in any minute; 0: without limit") \
    INT (limits, exports_per_hour, 20, 0, 100000, "exports by one user in any hour; 0: without limit") \
    INT (limits, logins_per_minute, 10, 0, 100000, "failed logins, and registrations, of one address in any minute; 0: without limit") \
    INT (limits, rooms_per_hour, 20, 0, 100000, "rooms created by one user in any hour; 0: without limit") \
    INT (limits, room_changes_per_hour, 60, 0, 100000, "changes of one room's title and the like in any hour; 0: without limit") \
    INT (limits, directs_per_hour, 60, 0, 100000, "direct rooms asked for by one user in any hour; 0: without limit") \
    INT (limits, joins_per_minute, 120, 0, 100000, "joinings, leavings, invitations, removals and promotions by one user in any minute; 0: without limit") \
    INT (limits, room_joins_per_minute, 1000, 0, 100000, "the same in one room, by anybody; 0: without limit") \
    INT (limits, moderations_per_minute, 120, 0, 100000, "bans and mutes, given or lifted, by one user in any minute; 0: without limit") \
    INT (limits, finds_per_minute, 120, 0, 100000, "looks into the directories of people and of rooms by one user in any minute; 0: without limit") \
    INT (limits, profile_changes_per_hour, 60, 0, 100000, "changes of one user's own profile in any hour; 0: without limit") \
    INT (limits, tickets_per_minute, 60, 0, 100000, "tickets of one user in any minute; 0: without limit") \
    INT (limits, pushes_per_minute, 30, 0, 100000, "subscriptions to pushes made or ended, and wishes about notifications changed, by one user in any minute; 0: without limit") \
    INT (limits, broadcasts_per_minute, 60, 0, 100000, "broadcasts of one user in any minute; 0: without limit") \
    INT (limits, hooks_per_room, 20, 0, 1000, "webhooks of one room") \
    INT (limits, hooks_per_hour, 30, 0, 100000, "webhooks made in one room in any hour; 0: without limit") \
    INT (limits, hook_posts_per_minute, 60, 0, 100000, "messages of one webhook in any minute; 0: without limit") \
    INT (limits, hook_calls_per_minute, 300, 0, 100000, "posts of one address to webhooks in any minute; 0: without limit") \
    INT (limits, requests_per_s, 500, 0, 100000, "requests of one address in any second, after 1,000 at once; counted by nginx, whose configuration says so, too; 0: without limit") \
    INT (limits, client_frames_per_s, 20, 0, 100000, "frames a second from one WebSocket client; 0: without limit") \
    INT (limits, connections_per_address, 1000, 0, 1000000, "WebSocket connections of one address (of IPv6: one /64) as the proxy names it in X-Real-IP; 0: without limit") \
    INT (limits, connections_per_user, 100, 0, 1000000, "live connections of one user; 0: without limit") \
    INT (limits, presence_members, 100, 0, 10000, "members of a room in which everybody hears who comes and goes; larger ones hear how many are online") \
    WORD(log, level, "info", "debug|info|warning|error", "the least that is logged") \
    WORD(log, format, "text", "text|json", "key=value or JSON lines") \
    TEXT(log, user, "", "id of a user to follow: all that happens on their connections is logged, but no text")
/* clang-format on */

struct sc_settings {
#define INT(section, key, value, least, most, help) int64_t section##_##key;
#define BOOL(section, key, value, help)             bool section##_##key;
#define TEXT(section, key, value, help)             char *section##_##key;
#define PATH                                        TEXT
#define WORD(section, key, value, choices, help)    char *section##_##key;
    SC_SETTINGS(INT, BOOL, TEXT, PATH, WORD)
#undef INT
#undef BOOL
#undef TEXT
#undef PATH
#undef WORD
};

/* The defaults. Given back with sc_settings_deinit. */
void sc_settings_init(struct sc_settings *settings);
void sc_settings_deinit(struct sc_settings *settings);

/*
 * Reads the INI file at `path` over what is there. On failure false, and `fault_out` (of
 * `fault_size` bytes) holds one line, the first fault's: `FILE:LINE: section.key: why`.
 */
bool sc_settings_read(struct sc_settings *settings, const char *path, char *fault_out,
                      size_t fault_size);

/* Takes one `section.key=value`. On failure false and a line in `fault_out`. */
bool sc_settings_set(struct sc_settings *settings, const char *assignment, char *fault_out,
                     size_t fault_size);

/* A setting as it is now. */
struct sc_setting {
    const char *name;  /* section.key */
    const char *value; /* as it would be written; of a secret "" */
    const char *usual; /* the default */
    const char *help;
    bool is_secret; /* may let somebody in: it is shown to nobody */
    bool is_set;    /* is not the default */
};
/* Calls `see` for every setting, in the order of the rows; what it is given is lent. */
void sc_settings_each(const struct sc_settings *settings,
                      void (*see)(void *context, const struct sc_setting *setting), void *context);

/* Prints every row to stdout: as help for people, or as the README's Markdown table. */
void sc_settings_help(void);
void sc_settings_markdown(void);

#endif
