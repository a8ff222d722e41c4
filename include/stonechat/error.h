/*
 * error: every way in which Stonechat says no, one row each, read by both halves.
 *
 * A row is: name, the stable code word (REST `code`, WebSocket `error.code`, first word of a
 * script's answer), the HTTP status (RFC 9110), the WebSocket close code (RFC 6455 section 7.4;
 * 44xx are ours; 0: never closes a connection) and one sentence for people.
 */
#ifndef STONECHAT_ERROR_H
#define STONECHAT_ERROR_H

#include <stddef.h>

/* clang-format off */
#define SC_ERRORS(X) \
    X(OK,                 "ok",                 200, 1000, "All is well.") \
    X(BAD_JSON,           "bad_json",           400, 1008, "The body is not the JSON object that was expected.") \
    X(BAD_REQUEST,        "bad_request",        400, 1008, "The request is not well formed.") \
    X(UNAUTHENTICATED,    "unauthenticated",    401, 4401, "Sign in first.") \
    X(BAD_CREDENTIALS,    "bad_credentials",    401, 4401, "The name or the password is wrong.") \
    X(FORBIDDEN,          "forbidden",          403, 4403, "You are not allowed to do this.") \
    X(CROSS_SITE,         "cross_site",         403, 1008, "The request came from another site.") \
    X(REGISTRATION_CLOSED,"registration_closed",403, 0,    "New accounts are not open to everybody here.") \
    X(SIGN_IN_CLOSED,     "sign_in_closed",     403, 0,    "Nobody is signed in here in that way.") \
    X(NOT_FOUND,          "not_found",          404, 1008, "There is no such thing here.") \
    X(METHOD_NOT_ALLOWED, "method_not_allowed", 405, 0,    "This resource does not know that method.") \
    X(REQUEST_TIMEOUT,    "request_timeout",    408, 1008, "The request took too long to arrive.") \
    X(CONFLICT,           "conflict",           409, 0,    "Somebody else has changed this meanwhile.") \
    X(LAST_OWNER,         "last_owner",         409, 0,    "The room would be nobody's: make another member its owner first.") \
    X(LAST_ADMIN,         "last_admin",         409, 0,    "The site would have no administrator any more.") \
    X(NAME_TAKEN,         "name_taken",         409, 0,    "That name is taken.") \
    X(LIMIT_REACHED,      "limit_reached",      409, 0,    "There are as many of these as may be.") \
    X(TOO_LARGE,          "too_large",          413, 1009, "This is larger than what is accepted here.") \
    X(QUOTA,              "quota",              413, 0,    "Your files fill all the space that you have here.") \
    X(MISDIRECTED,        "misdirected",        421, 0,    "This server does not go by that name.") \
    X(INVALID,            "invalid",            422, 1008, "A field holds something that is not allowed.") \
    X(UPGRADE_REQUIRED,   "upgrade_required",   426, 0,    "This address speaks WebSocket (RFC 6455) only.") \
    X(RATE_LIMITED,       "rate_limited",       429, 4429, "Too many in too short a time: wait a little.") \
    X(TOO_MANY_CONNECTIONS, "too_many_connections", 429, 4429, "Too many connections at once: close one first.") \
    X(HEADERS_TOO_LARGE,  "headers_too_large",  431, 0,    "The request's header is larger than what is accepted here.") \
    X(INTERNAL,           "internal",           500, 1011, "Something went wrong here; it has been noted.") \
    X(UNAVAILABLE,        "unavailable",        503, 1011, "The store is away for the moment: try again.") \
    X(BUSY,               "busy",               503, 1013, "Too much at once: try again.") \
    X(GOING_AWAY,         "going_away",         503, 1001, "This server is going away: reconnect.") \
    X(RESTARTING,         "restarting",         503, 1012, "This server is restarting: reconnect.") \
    X(PROTOCOL_ERROR,     "protocol_error",     400, 1002, "That is not legal in RFC 6455.") \
    X(UNSUPPORTED_DATA,   "unsupported_data",   400, 1003, "Only text frames are understood.") \
    X(BAD_UTF8,           "bad_utf8",           400, 1007, "A text is not valid UTF-8.") \
    X(BAD_DEFLATE,        "bad_deflate",        400, 1007, "A compressed message can't be unpacked.") \
    X(SESSION_ENDED,      "session_ended",      401, 4401, "This session has ended.") \
    X(NO_LONGER_ALLOWED,  "no_longer_allowed",  403, 4403, "You are no longer allowed in.") \
    X(NO_PONG,            "no_pong",            408, 4408, "No pong came in time.")
/* clang-format on */

enum sc_error {
#define X(name, code, status, close, sentence) SC_##name,
    SC_ERRORS(X)
#undef X
        SC_ERROR_COUNT
};

struct sc_error_row {
    const char *code;
    int http_status;
    int close_code;
    const char *sentence;
};

/* The row of `error`; a value outside the enum gets INTERNAL's. */
const struct sc_error_row *sc_error_row(enum sc_error error);

/* The error whose code word is the `bytes` bytes at `code`; SC_INTERNAL when no row has it. */
enum sc_error sc_error_by_code(const char *code, size_t bytes);

/* The reason phrase of an HTTP status in the table (RFC 9110 section 15), or "". */
const char *sc_http_reason(int status);

#endif
