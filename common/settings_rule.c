/*
 * settings_rule: what a setting's value must be beyond its kind and range.
 *
 * One row a rule. Whatever could only be found out later, at the first connection or the first
 * refused Origin, is found here, while the operator still looks at the file.
 */
#include <stdio.h>
#include <string.h>

#include <stonechat/endpoint.h>
#include <stonechat/token.h>

#include "settings_row.h"

enum { JWT_SECRET_BYTES = 32 }; /* RFC 7518 section 3.2: as many as the hash has */

static bool begins_with(const char *text, const char *beginning) {
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

static const char *check_url(const char *value) {
    struct sc_endpoint endpoint;
    if (!sc_endpoint_init(&endpoint, value)) {
        return "is neither unix:PATH nor redis://[USER:PASSWORD@]HOST[:PORT][/DB] nor "
               "sentinel://[USER:PASSWORD@]HOST[:PORT][,HOST[:PORT]...]/MASTER[/DB]";
    }
    sc_endpoint_deinit(&endpoint);
    return NULL;
}

static const char *check_id(const char *value) {
    return sc_id_valid(value, strlen(value)) ? NULL : "is not an id: 1 to 32 of a-z and 0-9";
}

static const char *check_id_if_any(const char *value) {
    return value[0] == '\0' ? NULL : check_id(value);
}

static const char *check_ids(const char *value) {
    for (const char *id = value + strspn(value, " "); *id != '\0';) {
        size_t bytes = strcspn(id, " ");
        if (!sc_id_valid(id, bytes)) {
            return "is not a list of ids, each 1 to 32 of a-z and 0-9, separated by spaces";
        }
        id += bytes;
        id += strspn(id, " ");
    }
    return NULL;
}

/* Browsers send an origin in lower case, without a path (RFC 6454 section 6.2). */
static bool is_origin(const char *origin, size_t bytes) {
    const char *host = origin + (begins_with(origin, "https://") ? 8 : 7);
    if (!begins_with(origin, "https://") && !begins_with(origin, "http://")) {
        return false;
    }
    size_t host_bytes = strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789-._:[]");
    return host_bytes > 0 && host + host_bytes == origin + bytes;
}

static const char *check_origins(const char *value) {
    for (const char *origin = value + strspn(value, " "); *origin != '\0';) {
        size_t bytes = strcspn(origin, " ");
        if (!is_origin(origin, bytes)) {
            return "is not a list of origins like https://chat.example: scheme and host in lower "
                   "case, a port where it isn't the scheme's own, and nothing behind";
        }
        origin += bytes;
        origin += strspn(origin, " ");
    }
    return NULL;
}

static const struct {
    const char *name;
    const char *(*check)(const char *value);
} rules[] = {
    {"redis.url", check_url},         {"http.embed_origins", check_origins},
    {"push.origins", check_origins},  {"rooms.default", check_id},
    {"rooms.guest_rooms", check_ids}, {"log.user", check_id_if_any},
};

const char *setting_rule(const char *name, const char *value) {
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (strcmp(rules[i].name, name) == 0) {
            return rules[i].check(value);
        }
    }
    return NULL;
}

/* A public key taken for the secret is the oldest forgery of all: everybody has it. */
static const char *check_jwt_key(const struct sc_settings *settings) {
    const char *key = settings->accounts_jwt_key;
    if (strcmp(settings->accounts_jwt_alg, "HS256") != 0) {
        return NULL;
    }
    return strlen(key) < JWT_SECRET_BYTES      ? "has less than 32 bytes"
           : strstr(key, "-----BEGIN") != NULL ? "is a key in PEM: HS256 wants a secret"
                                               : NULL;
}

bool settings_agree(const struct sc_settings *settings, char *fault_out, size_t fault_size) {
    const char *broken = check_jwt_key(settings);
    if (broken != NULL) {
        snprintf(fault_out, fault_size, "accounts.jwt_key: %s", broken);
        return false;
    }
    if (settings->limits_name_chars_min > settings->limits_name_chars) {
        snprintf(fault_out, fault_size, "limits.name_chars_min: is more than limits.name_chars");
        return false;
    }
    return true;
}
