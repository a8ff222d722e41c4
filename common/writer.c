/*
 * writer: a buffer that grows (include/stonechat/writer.h).
 */
#include <stonechat/writer.h>

#include <stdio.h>
#include <string.h>

#include <stonechat/memory.h>

enum { ROOM_FIRST = 256 };

static void append(struct sc_writer *writer, const char *bytes, size_t count) {
    if (writer->bytes + count >= writer->room) {
        writer->room = 2 * (writer->bytes + count) + ROOM_FIRST;
        writer->text = sc_xrealloc(writer->text, writer->room);
    }
    memcpy(writer->text + writer->bytes, bytes, count);
    writer->bytes += count;
}

void sc_writer_raw(struct sc_writer *writer, const char *json) {
    append(writer, json, strlen(json));
}

static void append_escaped(struct sc_writer *writer, unsigned char byte) {
    static const char letters[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f',
                                   ['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\'};
    char text[8] = {'\\', letters[byte]};
    size_t count = 2;
    if (text[1] == '\0') {
        count = (size_t)snprintf(text, sizeof text, "\\u%04X", byte);
    }
    append(writer, text, count);
}

static size_t plain_bytes(const char *text) {
    const unsigned char *at = (const unsigned char *)text;
    while (*at >= 0x20 && *at != '"' && *at != '\\') {
        at++;
    }
    return (size_t)(at - (const unsigned char *)text);
}

void sc_writer_string(struct sc_writer *writer, const char *text) {
    append(writer, "\"", 1);
    for (size_t plain; (plain = plain_bytes(text)), text[plain] != '\0'; text += plain + 1) {
        append(writer, text, plain);
        append_escaped(writer, (unsigned char)text[plain]);
    }
    append(writer, text, strlen(text));
    append(writer, "\"", 1);
}

void sc_writer_number(struct sc_writer *writer, uint64_t number) {
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    append(writer, digits + at, sizeof digits - at);
}

char *sc_writer_take(struct sc_writer *writer) {
    append(writer, "", 1);
    char *text = writer->text;
    *writer = (struct sc_writer){0};
    return text;
}
