/*
 * text: UTF-8, shapes, the one form of a name and of an emoji, and who may be mentioned.
 *
 * A text that comes in pieces is judged as the whole one is, and as another library judges it;
 * folding what has been folded changes nothing; what is cut stays UTF-8.
 */
#include "fuzz.h"

#include <jansson.h>

#include <stonechat/emoji.h>
#include <stonechat/limits.h>
#include <stonechat/mention.h>
#include <stonechat/text.h>

enum { CHARS_MIN = 2, CHARS_MAX = 32, TITLE_BYTES = 64 };

static bool valid_in_pieces(const uint8_t *data, size_t size) {
    struct sc_utf8 utf8;
    bool good = true;
    sc_utf8_init(&utf8);
    for (size_t at = 0; at < size && good;) {
        size_t piece = fuzz_piece(data, size, at);
        good = sc_utf8_push(&utf8, (const char *)data + at, piece);
        at += piece;
    }
    return good && sc_utf8_complete(&utf8);
}

static bool valid_elsewhere(const char *text, size_t bytes) {
    json_t *string = json_stringn(text, bytes);
    bool valid = string != NULL;
    json_decref(string);
    return valid;
}

static void judge_name(const char *text, size_t bytes) {
    char once[SC_NAME_MAX_BYTES + 1], twice[SC_NAME_MAX_BYTES + 1];
    if (sc_name_fold(text, bytes, CHARS_MIN, CHARS_MAX, once) == SC_TEXT_FINE) {
        demand(sc_utf8_valid(once, strlen(once)));
        demand(sc_name_fold(once, strlen(once), CHARS_MIN, CHARS_MAX, twice) == SC_TEXT_FINE);
        demand(strcmp(once, twice) == 0);
    }
}

static void judge_fold(const char *text, size_t bytes) {
    size_t room = 18 * bytes + 1; /* no character folds to more than 18 */
    char *once = malloc(4 * room), *twice = malloc(4 * room), cut[TITLE_BYTES];
    sc_text_fold(text, bytes, once, 4 * room);
    sc_text_fold(once, strlen(once), twice, 4 * room);
    demand(strcmp(once, twice) == 0);
    sc_text_fold(text, bytes, cut, sizeof cut);
    demand(sc_utf8_valid(cut, strlen(cut)) && strncmp(once, cut, strlen(cut)) == 0);
    free(twice);
    free(once);
}

static void judge_shapes(const char *text, size_t bytes, bool valid) {
    for (enum sc_text_shape shape = SC_TEXT_LINE; shape <= SC_TEXT_SECRET; shape++) {
        enum sc_text_fault fault = sc_text_check(shape, text, bytes, CHARS_MIN, CHARS_MAX, 0);
        size_t chars = valid ? sc_utf8_length(text, bytes) : 0;
        demand((fault == SC_TEXT_UTF8) == !valid);
        demand(fault != SC_TEXT_FINE || (chars >= CHARS_MIN && chars <= CHARS_MAX));
        demand(fault != SC_TEXT_FINE || shape == SC_TEXT_SECRET || shape == SC_TEXT_PROSE ||
               shape == SC_TEXT_ASIDE ||
               (memchr(text, '\n', bytes) == NULL && memchr(text, '\0', bytes) == NULL));
    }
}

static void judge_emoji(const char *text, size_t bytes) {
    char once[SC_EMOJI_MAX + 1], twice[SC_EMOJI_MAX + 1];
    if (sc_emoji_normalize(text, bytes, once)) {
        demand(sc_utf8_valid(once, strlen(once)));
        demand(sc_emoji_normalize(once, strlen(once), twice) && strcmp(once, twice) == 0);
    }
}

static void judge_mentions(const char *text, size_t bytes) {
    struct sc_mention_scan scan;
    sc_mention_scan_init(&scan, text, bytes, CHARS_MIN, CHARS_MAX);
    demand(scan.count <= SC_MENTION_NAMES_MAX);
    for (size_t i = 0; i < scan.count; i++) {
        demand(sc_utf8_valid(scan.names[i], strlen(scan.names[i])));
        demand(i == 0 || scan.places[i - 1] <= scan.places[i]);
    }
    sc_mention_scan_deinit(&scan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *text = (const char *)data;
    bool valid = sc_utf8_valid(text, size);
    demand(valid == valid_in_pieces(data, size));
    demand(valid == valid_elsewhere(text, size));
    judge_shapes(text, size, valid);
    judge_name(text, size);
    judge_emoji(text, size);
    if (valid && memchr(text, '\0', size) == NULL) {
        judge_fold(text, size);
        judge_mentions(text, size);
    }
    return 0;
}
