/*
 * offer: reads a list of extensions with parameters, one token at a time (see offer.h).
 */
#include "offer.h"

#include <stdio.h>
#include <string.h>

#include <stonechat/memory.h>

#include "deflate.h"

enum { VALUE_MAX = 8 }; /* no value that is known is longer than two */

enum parameter_value { VALUE_NONE, VALUE_NEEDED, VALUE_OPTIONAL };

/* One row a parameter of permessage-deflate; `least`: of the window that may be asked for. */
static const struct parameter {
    const char *name;
    enum parameter_value value;
    unsigned least;
} parameters[] = {
    {"server_no_context_takeover", VALUE_NONE, 0},
    {"client_no_context_takeover", VALUE_NONE, 0},
    {"server_max_window_bits", VALUE_NEEDED, DEFLATE_WINDOW},
    {"client_max_window_bits", VALUE_OPTIONAL, 8},
};

enum { PARAMETERS = sizeof parameters / sizeof *parameters, SERVER_WINDOW = 2 };

/* What is read, and what has become of the offer that is being read. */
struct reading {
    struct slice rest;
    bool fits;
    bool seen[PARAMETERS];
    unsigned window[PARAMETERS];
};

/* --- tokens (RFC 9110 section 5.6) --- */

static void skip_spaces(struct slice *rest) {
    while (rest->bytes > 0 && (*rest->text == ' ' || *rest->text == '\t')) {
        rest->text++;
        rest->bytes--;
    }
}

static bool skip(struct slice *rest, char sign) {
    skip_spaces(rest);
    if (rest->bytes == 0 || *rest->text != sign) {
        return false;
    }
    rest->text++;
    rest->bytes--;
    return true;
}

static bool read_token(struct slice *rest, struct slice *token_out) {
    skip_spaces(rest);
    size_t bytes = 0;
    while (bytes < rest->bytes && slice_is_token((struct slice){rest->text + bytes, 1})) {
        bytes++;
    }
    *token_out = (struct slice){rest->text, bytes};
    rest->text += bytes;
    rest->bytes -= bytes;
    return bytes > 0;
}

/* What stands between the quotes has to be a token, once its backslashes are undone; of one that is
 * longer than any value that is known, too much is kept to be one. */
static bool read_quoted(struct slice *rest, char value[VALUE_MAX + 1]) {
    size_t count = 0;
    for (size_t i = 0; i < rest->bytes; i++) {
        if (rest->text[i] == '"') {
            rest->text += i + 1;
            rest->bytes -= i + 1;
            value[count < VALUE_MAX ? count : VALUE_MAX] = '\0';
            return count > 0;
        }
        i += rest->text[i] == '\\' ? 1 : 0;
        if (i == rest->bytes || !slice_is_token((struct slice){rest->text + i, 1})) {
            return false;
        }
        if (count < VALUE_MAX) {
            value[count] = rest->text[i];
        }
        count++;
    }
    return false;
}

static bool read_value(struct slice *rest, char value[VALUE_MAX + 1]) {
    struct slice token;
    if (skip(rest, '"')) {
        return read_quoted(rest, value);
    }
    if (!read_token(rest, &token)) {
        return false;
    }
    size_t bytes = token.bytes < VALUE_MAX ? token.bytes : VALUE_MAX;
    memcpy(value, token.text, bytes);
    value[bytes] = '\0';
    return true;
}

/* --- parameters --- */

/* 8 to 15, without a zero before it; 0: it is none of these. */
static unsigned window_of(const char *value) {
    static const char *const windows[] = {"8", "9", "10", "11", "12", "13", "14", "15"};
    for (unsigned i = 0; i < sizeof windows / sizeof *windows; i++) {
        if (strcmp(value, windows[i]) == 0) {
            return 8 + i;
        }
    }
    return 0;
}

static bool value_fits(const struct parameter *parameter, const char *value, unsigned *window_out) {
    if (value == NULL) {
        return parameter->value != VALUE_NEEDED;
    }
    *window_out = window_of(value);
    return parameter->value != VALUE_NONE && *window_out >= parameter->least;
}

static bool parameter_fits(struct reading *reading, struct slice name, const char *value) {
    for (size_t i = 0; i < PARAMETERS; i++) {
        if (slice_says(name, parameters[i].name)) {
            bool first = !reading->seen[i];
            reading->seen[i] = true;
            return first && value_fits(&parameters[i], value, &reading->window[i]);
        }
    }
    return false;
}

/* ;name or ;name=value; false when it is not of that form. */
static bool read_parameter(struct reading *reading) {
    struct slice name;
    char value[VALUE_MAX + 1];
    if (!read_token(&reading->rest, &name)) {
        return false;
    }
    bool has_value = skip(&reading->rest, '=');
    if (has_value && !read_value(&reading->rest, value)) {
        return false;
    }
    if (!parameter_fits(reading, name, has_value ? value : NULL)) {
        reading->fits = false;
    }
    return true;
}

/* --- offers --- */

static bool read_extension(struct reading *reading) {
    struct slice name;
    if (!read_token(&reading->rest, &name)) {
        return false;
    }
    reading->fits = slice_says(name, "permessage-deflate");
    while (skip(&reading->rest, ';')) {
        if (!read_parameter(reading)) {
            return false;
        }
    }
    return true;
}

bool offer_read(struct slice value, struct offer *out) {
    struct slice rest = slice_trim(value);
    while (rest.bytes > 0) {
        if (skip(&rest, ',')) {
            continue; /* an empty element (RFC 9110 section 5.6.1.2) */
        }
        struct reading reading = {.rest = rest};
        if (!read_extension(&reading)) {
            return false;
        }
        rest = reading.rest;
        if (reading.fits && !out->taken) {
            *out = (struct offer){true, reading.window[SERVER_WINDOW]};
        }
        if (rest.bytes > 0 && !skip(&rest, ',')) {
            return false;
        }
    }
    return true;
}

char *offer_answer(const struct offer *offer) {
    char window[40] = "";
    if (!offer->taken) {
        return sc_xstrdup("");
    }
    if (offer->server_window > 0) {
        snprintf(window, sizeof window, "; server_max_window_bits=%u", offer->server_window);
    }
    return sc_xasprintf("Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; "
                        "client_no_context_takeover%s\r\n",
                        window);
}
