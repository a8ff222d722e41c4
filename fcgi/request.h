/*
 * request: what a client asks for, decoded from FastCGI's parameters.
 *
 * The path is split at its slashes first and percent-decoded afterwards, once, so that an encoded
 * slash stays inside its segment. Header values are as they were sent.
 */
#ifndef FCGI_REQUEST_H
#define FCGI_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stonechat/error.h>

/* X(name): any other method is OTHER; HEAD is GET whose body nginx leaves out. */
#define METHODS(X) X(GET) X(POST) X(PUT) X(PATCH) X(DELETE)

enum method {
#define X(name) METHOD_##name,
    METHODS(X)
#undef X
        METHOD_OTHER
};

const char *method_word(enum method method);

enum { REQUEST_SEGMENTS_MAX = 8, REQUEST_PAIRS_MAX = 16, REQUEST_ADDRESS_MAX = 64 };

/* A decoded piece of path or query; NUL-terminated, and may hold NULs. */
struct piece {
    const char *text;
    size_t bytes;
};

struct request_pair {
    struct piece name;
    struct piece value;
};

/* Where a body is read from; returns how many bytes came, fewer than asked for only at its end. */
typedef size_t request_source(void *context, char *out, size_t bytes);

struct request {
    enum method method;
    size_t segments_count; /* below /api/v1 */
    struct piece segments[REQUEST_SEGMENTS_MAX];
    size_t pairs_count;
    struct request_pair pairs[REQUEST_PAIRS_MAX];

    /* Headers, "" where absent; lent by the parameters. */
    const char *host;
    const char *origin;
    const char *sec_fetch_site;
    const char *content_type;
    const char *authorization;
    const char *cookie;
    const char *user_agent;
    const char *spooled; /* the file that nginx has put the body into, in place of passing it on */
    bool secure;         /* came through TLS */
    int64_t content_length; /* -1: not said */

    char address[REQUEST_ADDRESS_MAX]; /* the client's, as nginx saw it; outlives the parameters */
    char *path_memory;
    char *query_memory;
    request_source *source;
    void *source_context;
    char *body; /* NULL until read; NUL-terminated */
    size_t body_bytes;
};

/*
 * Decodes `parameters` (NAME=value, ended by NULL; lent until request_deinit). BAD_REQUEST when a
 * percent-encoding or the length is malformed; NOT_FOUND when the path is not below /api/v1 or
 * deeper than any of ours. request_deinit is due whatever is returned.
 */
enum sc_error request_init(struct request *request, char *const *parameters);
void request_deinit(struct request *request);

/* Reads the body from `source`. TOO_LARGE when it has more than `most` bytes (when its announced
 * length says so, nothing is read); BAD_REQUEST when it ends before its announced length. */
enum sc_error request_read_body(struct request *request, size_t most);

/* Of a body that is an HTML form (application/x-www-form-urlencoded) leaves the value of its first
 * member of that name, "" where there is none; BAD_REQUEST when its encoding is malformed. */
enum sc_error request_unwrap_body(struct request *request, const char *name);

/* The value of the query's first member of that name, or NULL. */
const struct piece *request_query(const struct request *request, const char *name);

/* The value of the cookie of that name, or NULL. Lent. */
const char *request_cookie(const struct request *request, const char *name, size_t *bytes_out);

#endif
