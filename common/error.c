/*
 * error: the rows of include/stonechat/error.h as a table, and the phrases of HTTP.
 *
 * Both halves look up here what an error is called by their peer: a status, a close code, a word.
 */
#include <stonechat/error.h>

#include <string.h>

static const struct sc_error_row rows[SC_ERROR_COUNT] = {
#define X(name, code, status, close, sentence) [SC_##name] = {code, status, close, sentence},
    SC_ERRORS(X)
#undef X
};

const struct sc_error_row *sc_error_row(enum sc_error error) {
    if ((unsigned)error >= SC_ERROR_COUNT) {
        error = SC_INTERNAL;
    }
    return &rows[error];
}

enum sc_error sc_error_by_code(const char *code, size_t bytes) {
    for (unsigned i = 0; i < SC_ERROR_COUNT; i++) {
        if (strlen(rows[i].code) == bytes && memcmp(rows[i].code, code, bytes) == 0) {
            return (enum sc_error)i;
        }
    }
    return SC_INTERNAL;
}

/* RFC 9110 section 15; 429 and 431: RFC 6585. */
static const struct {
    int status;
    const char *reason;
} reasons[] = {
    {101, "Switching Protocols"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {413, "Content Too Large"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {426, "Upgrade Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
};

const char *sc_http_reason(int status) {
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i].status == status) {
            return reasons[i].reason;
        }
    }
    return "";
}
