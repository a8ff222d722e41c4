/*
 * naming: ann, ann-2 to ann-9, ann-4711 and four more like it, then user-k3v9x2m7.
 *
 * Used by host for those whom a site vouches for. Only digits come behind a name: letters of
 * another script than its own would make a look-alike of it.
 */
#include "naming.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>
#include <stonechat/text.h>
#include <stonechat/token.h>

#include "reserved_name.h"
#include "store_names.h"

enum { COUNTED = 9, OF_TEXT = 14, SUFFIX_MAX = 16, PLAIN_CHARS = 13 };

static void make_suffix(int attempt, char out[SUFFIX_MAX]) {
    if (attempt == 0) {
        out[0] = '\0';
    } else if (attempt < COUNTED) {
        snprintf(out, SUFFIX_MAX, "-%d", attempt + 1);
    } else {
        snprintf(out, SUFFIX_MAX, "-%u", 1000 + randombytes_uniform(9000));
    }
}

static void make_of_text(const char *text, int attempt, size_t most_chars, char *out) {
    char suffix[SUFFIX_MAX];
    make_suffix(attempt, suffix);
    size_t suffix_chars = strlen(suffix);
    if (most_chars > suffix_chars) {
        sc_name_fit(text, strlen(text), most_chars - suffix_chars, out);
    }
    size_t bytes = strlen(out);
    snprintf(out + bytes, SC_NAME_MAX_BYTES + 1 - bytes, "%s", bytes > 0 ? suffix : "");
}

static void make_plain(size_t most_chars, char *out) {
    char random[SC_ID_MAX + 1];
    sc_id_new(random);
    bool is_room = most_chars >= PLAIN_CHARS;
    snprintf(out, SC_NAME_MAX_BYTES + 1, "%s%.*s", is_room ? "user-" : "",
             is_room ? 8 : (int)most_chars, random);
}

/* Neither the name itself nor one that is it with a number. */
static bool is_reserved(const struct naming *naming, int attempt) {
    char stem[SC_NAME_MAX_BYTES + 1];
    snprintf(stem, sizeof stem, "%s", naming->folded);
    char *suffix = attempt > 0 ? strrchr(stem, '-') : NULL;
    if (suffix != NULL) {
        *suffix = '\0';
    }
    return name_is_reserved(stem);
}

bool naming_make(const struct sc_settings *settings, const char *text, int attempt,
                 struct naming *out) {
    size_t most_chars = (size_t)settings->limits_name_chars;
    *out = (struct naming){.name = ""};
    if (attempt < OF_TEXT) {
        make_of_text(text, attempt, most_chars, out->name);
    } else {
        make_plain(most_chars, out->name);
    }
    return sc_name_fold(out->name, strlen(out->name), (size_t)settings->limits_name_chars_min,
                        most_chars, out->folded) == SC_TEXT_FINE &&
           !is_reserved(out, attempt < OF_TEXT ? attempt : 0);
}

enum sc_error naming_claim(struct link *link, const struct sc_settings *settings, const char *text,
                           const char *id, struct naming *out) {
    enum sc_error error = SC_NAME_TAKEN;
    for (int attempt = 0; error == SC_NAME_TAKEN && attempt < NAMING_ATTEMPTS; attempt++) {
        if (naming_make(settings, text, attempt, out)) {
            error = store_name_claim(link, STORE_USER_NAME, out->folded, id);
        }
    }
    return error;
}
