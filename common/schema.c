/*
 * schema: builds and reads the names of keys and channels (include/stonechat/schema.h).
 *
 * A name is its row's format with an id, or whatever the row asks for, in place of each %s. This
 * file knows nothing of what is kept under a name.
 */
#include <stonechat/schema.h>

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <stonechat/log.h>
#include <stonechat/token.h>

static const char *const key_formats[SC_KEY_COUNT] = {
#define X(name, format, type, what) [SC_KEY_##name] = format,
    SC_KEYS(X)
#undef X
};

static const char *const channel_formats[SC_CHANNEL_COUNT] = {
#define X(name, format, what) [SC_CHANNEL_##name] = format,
    SC_CHANNELS(X)
#undef X
};

/* A name cut short would be another's name: what doesn't fit was never checked by its caller. */
static void append(struct sc_key *key, const char *text, size_t bytes) {
    if (bytes >= sizeof key->text - key->bytes) {
        sc_log(SC_LOG_ERROR, "key_too_long", "key", key->text, NULL);
        abort();
    }
    memcpy(key->text + key->bytes, text, bytes);
    key->bytes += bytes;
    key->text[key->bytes] = '\0';
}

static struct sc_key build(const char *format, va_list parts) {
    struct sc_key key;
    key.bytes = 0;
    key.text[0] = '\0';
    const char *hole;
    for (; (hole = strstr(format, "%s")) != NULL; format = hole + 2) {
        const char *part = va_arg(parts, const char *);
        append(&key, format, (size_t)(hole - format));
        append(&key, part, strlen(part));
    }
    append(&key, format, strlen(format));
    return key;
}

struct sc_key sc_key(enum sc_key_kind kind, ...) {
    va_list parts;
    va_start(parts, kind);
    struct sc_key key = build(key_formats[kind], parts);
    va_end(parts);
    return key;
}

struct sc_key sc_channel(enum sc_channel_kind kind, ...) {
    va_list parts;
    va_start(parts, kind);
    struct sc_key key = build(channel_formats[kind], parts);
    va_end(parts);
    return key;
}

/* Whether `name` is `format` with an id in its hole, or the very same where it has none. */
static bool read_as(const char *format, const char *name, size_t bytes,
                    char id_out[SC_ID_MAX + 1]) {
    const char *hole = strstr(format, "%s");
    size_t before = hole == NULL ? strlen(format) : (size_t)(hole - format);
    size_t after = hole == NULL ? 0 : strlen(hole + 2);
    if (bytes < before + after || memcmp(name, format, before) != 0) {
        return false;
    }
    size_t id_bytes = bytes - before - after;
    if (hole == NULL ? id_bytes != 0
                     : memcmp(name + bytes - after, hole + 2, after) != 0 ||
                           !sc_id_valid(name + before, id_bytes)) {
        return false;
    }
    memcpy(id_out, name + before, id_bytes);
    id_out[id_bytes] = '\0';
    return true;
}

bool sc_key_parse(enum sc_key_kind kind, const char *name, size_t bytes,
                  char id_out[SC_ID_MAX + 1]) {
    return read_as(key_formats[kind], name, bytes, id_out);
}

bool sc_channel_parse(const char *name, size_t bytes, enum sc_channel_kind *kind_out,
                      char id_out[SC_ID_MAX + 1]) {
    for (unsigned i = 0; i < SC_CHANNEL_COUNT; i++) {
        if (read_as(channel_formats[i], name, bytes, id_out)) {
            *kind_out = (enum sc_channel_kind)i;
            return true;
        }
    }
    return false;
}
