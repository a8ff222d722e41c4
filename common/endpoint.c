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
static const char SENTINEL[] = "sentinel://";

enum { PORT_DEFAULT = 6379, SENTINEL_PORT_DEFAULT = 26379, PORT_MAX = 65535 };
enum { DATABASE_MAX = 1 << 20 };

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
static bool take_host(struct sc_address *address, char *text, int port_default) {
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
    address->host = sc_xstrdup(text);
    address->port = port_default;
    return text[0] != '\0' && !strchr(text, ',') &&
           (!port || (number(port, PORT_MAX, &address->port) && address->port));
}

/* What Redis Sentinel allows in a master's name. */
static bool take_master(struct sc_endpoint *endpoint, const char *text, size_t bytes) {
    static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    endpoint->master = sc_xmemdup(text, bytes);
    return bytes > 0 && strspn(endpoint->master, good) == bytes;
}

static bool take_database(struct sc_endpoint *endpoint, const char *slash) {
    return !slash || slash[1] == '\0' || number(slash + 1, DATABASE_MAX, &endpoint->database);
}

static bool take_redis(struct sc_endpoint *endpoint, char *hosts, const char *path) {
    return take_host(&endpoint->address, hosts, PORT_DEFAULT) && take_database(endpoint, path);
}

static bool take_sentinels(struct sc_endpoint *endpoint, char *hosts, const char *path) {
    if (!path) {
        return false;
    }
    bool good = true;
    for (char *comma = hosts; good && hosts; hosts = comma) {
        size_t at = endpoint->sentinels_count++;
        comma = strchr(hosts, ',');
        if (comma) {
            *comma++ = '\0';
        }
        endpoint->sentinels =
            sc_xrealloc(endpoint->sentinels, (at + 1) * sizeof *endpoint->sentinels);
        endpoint->sentinels[at] = (struct sc_address){0};
        good = take_host(&endpoint->sentinels[at], hosts, SENTINEL_PORT_DEFAULT);
    }
    const char *slash = strchr(path + 1, '/');
    size_t bytes = slash ? (size_t)(slash - path - 1) : strlen(path + 1);
    return good && take_master(endpoint, path + 1, bytes) && take_database(endpoint, slash);
}

/* What stands behind the scheme: `[USER:PASSWORD@]HOSTS[/PATH]`. */
static bool take_rest(struct sc_endpoint *endpoint, const char *text,
                      bool (*take)(struct sc_endpoint *, char *hosts, const char *path)) {
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
    char *hosts = sc_xmemdup(text, bytes);
    bool good = take(endpoint, hosts, slash);
    free(hosts);
    return good;
}

static bool begins_with(const char *url, const char *scheme) {
    return strncmp(url, scheme, strlen(scheme)) == 0;
}

bool sc_endpoint_init(struct sc_endpoint *endpoint, const char *url) {
    *endpoint = (struct sc_endpoint){0};
    bool good = false;
    if (begins_with(url, UNIX)) {
        endpoint->path = sc_xstrdup(url + sizeof UNIX - 1);
        good = endpoint->path[0] != '\0';
    } else if (begins_with(url, TCP)) {
        good = take_rest(endpoint, url + sizeof TCP - 1, take_redis);
    } else if (begins_with(url, SENTINEL)) {
        good = take_rest(endpoint, url + sizeof SENTINEL - 1, take_sentinels);
    }
    if (!good) {
        sc_endpoint_deinit(endpoint);
    }
    return good;
}

void sc_endpoint_deinit(struct sc_endpoint *endpoint) {
    for (size_t i = 0; i < endpoint->sentinels_count; i++) {
        sc_address_deinit(&endpoint->sentinels[i]);
    }
    free(endpoint->sentinels);
    free(endpoint->password);
    free(endpoint->user);
    free(endpoint->master);
    sc_address_deinit(&endpoint->address);
    free(endpoint->path);
    *endpoint = (struct sc_endpoint){0};
}

bool sc_address_set(struct sc_address *address, const char *host, const char *port) {
    int value;
    if (host[0] == '\0' || !number(port, PORT_MAX, &value) || value == 0) {
        return false;
    }
    char *copy = sc_xstrdup(host);
    free(address->host);
    *address = (struct sc_address){.host = copy, .port = value};
    return true;
}

bool sc_address_same(const struct sc_address *a, const struct sc_address *b) {
    return a->port == b->port && a->host && b->host && strcmp(a->host, b->host) == 0;
}

void sc_address_deinit(struct sc_address *address) {
    free(address->host);
    *address = (struct sc_address){0};
}
