/*
 * endpoint: reads `redis.url`.
 *
 * Both halves read it once at their start; their links connect to what it says. Knows nothing of
 * sockets.
 */

#include <stonechat/endpoint.h>

#include <stdlib.h>
#include <string.h>

#include <stonechat/memory.h>

static const char UNIX[] = "unix:";
static const char TCP[] = "redis://";

enum { PORT_DEFAULT = 6379, PORT_MAX = 65535, DATABASE_MAX = 1 << 20 };

static bool number(const char *text, int most, int *out) {
    char *end;
    long value = strtol(text, &end, 10);
    if (end == text || *end != '\0' || *text < '0' || *text > '9' || value > most) {
        return false;
    }
    *out = (int)value;
    return true;
}

static int hex(char digit) {
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    if (digit >= 'a' && digit <= 'f') {
        return digit - 'a' + 10;
    }
    if (digit >= 'A' && digit <= 'F') {
        return digit - 'A' + 10;
    }
    return -1;
}

/* Percent-decoded (RFC 3986 section 2.1), in fresh memory; NULL when it is not well formed, or
 * holds a NUL, which would cut a password short. */
static char *decoded(const char *text, size_t bytes) {
    char *copy = sc_xmemdup(text, bytes);
    char *out = copy;
    for (const char *at = copy; *at != '\0'; at++) {
        if (*at == '%') {
            int high = hex(at[1]);
            int low = high < 0 ? -1 : hex(at[2]);
            if (low < 0 || (high | low) == 0) {
                free(copy);
                return NULL;
            }
            *out++ = (char)(high << 4 | low);
            at += 2;
        } else {
            *out++ = *at;
        }
    }
    *out = '\0';
    return copy;
}

/* `USER:PASSWORD` or `:PASSWORD`. */
static bool take_login(struct sc_endpoint *endpoint, const char *text, size_t bytes) {
    const char *colon = memchr(text, ':', bytes);
    if (!colon) {
        return false;
    }
    size_t user_bytes = (size_t)(colon - text);
    if (user_bytes > 0 && !(endpoint->user = decoded(text, user_bytes))) {
        return false;
    }
    endpoint->password = decoded(colon + 1, bytes - user_bytes - 1);
    return endpoint->password != NULL;
}

/* `HOST[:PORT]`, a NUL-terminated copy that is cut up. */
static bool take_host(struct sc_endpoint *endpoint, char *text) {
    char *port;
    if (text[0] == '[') {
        char *close = strchr(text, ']');
        if (!close || (close[1] != '\0' && close[1] != ':')) {
            return false;
        }
        port = close[1] ? close + 1 : NULL;
        *close = '\0';
        text++;
    } else {
        port = strchr(text, ':');
    }
    if (port) {
        *port++ = '\0';
    }
    endpoint->host = sc_xstrdup(text);
    endpoint->port = PORT_DEFAULT;
    return text[0] != '\0' &&
           (!port || (number(port, PORT_MAX, &endpoint->port) && endpoint->port));
}

static bool take_address(struct sc_endpoint *endpoint, const char *text) {
    const char *slash = strchr(text, '/');
    size_t bytes = slash ? (size_t)(slash - text) : strlen(text);
    const char *at = memrchr(text, '@', bytes);
    if (at) {
        size_t login_bytes = (size_t)(at - text);
        if (!take_login(endpoint, text, login_bytes)) {
            return false;
        }
        text = at + 1;
        bytes -= login_bytes + 1;
    }
    char *host = sc_xmemdup(text, bytes);
    bool good = take_host(endpoint, host);
    free(host);
    if (slash && slash[1] != '\0') {
        good = good && number(slash + 1, DATABASE_MAX, &endpoint->database);
    }
    return good;
}

bool sc_endpoint_init(struct sc_endpoint *endpoint, const char *url) {
    *endpoint = (struct sc_endpoint){0};
    bool good = false;
    if (strncmp(url, UNIX, sizeof UNIX - 1) == 0) {
        endpoint->path = sc_xstrdup(url + sizeof UNIX - 1);
        good = endpoint->path[0] != '\0';
    } else if (strncmp(url, TCP, sizeof TCP - 1) == 0) {
        good = take_address(endpoint, url + sizeof TCP - 1);
    }
    if (!good) {
        sc_endpoint_deinit(endpoint);
    }
    return good;
}

void sc_endpoint_deinit(struct sc_endpoint *endpoint) {
    free(endpoint->password);
    free(endpoint->user);
    free(endpoint->host);
    free(endpoint->path);
    *endpoint = (struct sc_endpoint){0};
}
