/*
 * file_name: what is left of a path.
 *
 * Names are told to people and browsers only: on disk a file is known by its id.
 */
#include "file_name.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/memory.h>
#include <stonechat/text.h>

enum { EXTENSION_MAX = 16 };

static const char NAMELESS[] = "file";

static const char *base(const char *text, size_t *bytes) {
    size_t start = *bytes;
    while (start > 0 && text[start - 1] != '/' && text[start - 1] != '\\') {
        start--;
    }
    *bytes -= start;
    return text + start;
}

/* Spaces around a name, and dots behind it, are lost on some systems: then not the same everywhere.
 */
static const char *trim(const char *text, size_t *bytes) {
    while (*bytes > 0 && *text == ' ') {
        text++;
        --*bytes;
    }
    while (*bytes > 0 && strchr(" .", text[*bytes - 1])) {
        --*bytes;
    }
    return text;
}

static size_t whole_characters(const char *text, size_t most) {
    while (most > 0 && ((unsigned char)text[most] & 0xC0) == 0x80) {
        most--;
    }
    return most;
}

static void cut(const char *text, size_t bytes, char out[FILE_NAME_MAX + 1]) {
    const char *dot = memrchr(text, '.', bytes);
    size_t tail = dot ? (size_t)(text + bytes - dot) : 0;
    if (tail > EXTENSION_MAX) {
        tail = 0;
    }
    size_t head = bytes - tail;
    if (bytes > FILE_NAME_MAX) {
        head = whole_characters(text, FILE_NAME_MAX - tail);
    }
    memcpy(out, text, head);
    memcpy(out + head, text + bytes - tail, tail);
    out[head + tail] = '\0';
}

void file_name_make(const char *text, size_t bytes, char out[FILE_NAME_MAX + 1]) {
    text = base(text, &bytes);
    text = trim(text, &bytes);
    if (bytes == 0) {
        text = NAMELESS;
        bytes = sizeof NAMELESS - 1;
    }
    size_t size = 4 * bytes + 1; /* composing a character that is excluded takes it apart */
    char *composed = sc_xmalloc(size);
    sc_text_compose(text, bytes, composed, size);
    cut(composed, strlen(composed), out);
    free(composed);
}
