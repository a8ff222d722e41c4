/*
 * hook_text: from Slack's payload to plain text.
 *
 * Called by handle_hooks, which checks what comes out as it would a member's message.
 */
#include "hook_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stonechat/memory.h>

static const struct {
    const char *word;
    char stands_for;
} entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}};

/* What stands at `at`, and how many bytes it takes there. */
static size_t write_character(FILE *out, const char *at) {
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
        size_t bytes = strlen(entities[i].word);
        if (strncmp(at, entities[i].word, bytes) == 0) {
            fputc(entities[i].stands_for, out);
            return bytes;
        }
    }
    fputc(*at, out);
    return 1;
}

static void write_characters(FILE *out, const char *at, const char *end) {
    while (at < end) {
        at += write_character(out, at);
    }
}

static bool begins_link(const char *text) {
    static const char *const schemes[] = {"<https://", "<http://", "<mailto:"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (strncmp(text, schemes[i], strlen(schemes[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* A link at `at`; how many bytes it takes there, 0 when it has no end. */
static size_t write_link(FILE *out, const char *at) {
    const char *url = at + 1;
    const char *end = url + strcspn(url, "<>");
    const char *bar = memchr(url, '|', (size_t)(end - url));
    if (*end != '>') {
        return 0;
    }
    if (bar && bar + 1 < end) {
        write_characters(out, bar + 1, end);
        fputs(" (", out);
        write_characters(out, url, bar);
        fputc(')', out);
    } else {
        write_characters(out, url, bar ? bar : end);
    }
    return (size_t)(end + 1 - at);
}

static void write_text(FILE *out, const char *text) {
    while (*text) {
        size_t bytes = begins_link(text) ? write_link(out, text) : 0;
        text += bytes ? bytes : write_character(out, text);
    }
}

static bool write_line(FILE *out, const char *text) {
    if (!text || !*text) {
        return false;
    }
    fputs(ftell(out) > 0 ? "\n" : "", out);
    write_text(out, text);
    return true;
}

static void write_attachment(FILE *out, const json_t *attachment) {
    static const char *const members[] = {"pretext", "title", "text"};
    bool any = false;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        any |= write_line(out, json_string_value(json_object_get(attachment, members[i])));
    }
    if (!any) {
        write_line(out, json_string_value(json_object_get(attachment, "fallback")));
    }
}

char *hook_text(const char *text, const json_t *attachments) {
    char *whole;
    size_t bytes, i;
    const json_t *attachment;
    FILE *out = open_memstream(&whole, &bytes);
    if (!out) {
        abort();
    }
    write_line(out, text);
    json_array_foreach(attachments, i, attachment) {
        write_attachment(out, attachment);
    }
    fclose(out);
    return whole;
}
