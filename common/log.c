/*
 * log: one event, one line, one write(2) (include/stonechat/log.h).
 *
 * A line is put together on the stack, in either format by the same steps, so that it can be
 * written from every thread without a lock and with no memory left. Pieces go in whole or not at
 * all: a line that grows too long ends early, but is still well formed, and says that it was cut.
 */
#include <stonechat/log.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <stonechat/settings.h>

#include "utf8.h"

/* A pipe takes up to 4096 bytes (PIPE_BUF) in one piece, among whatever others write to it. */
enum { LINE_MAX_BYTES = 4096, CLOSING_BYTES = 32 };

struct line {
    size_t bytes;
    bool cut;
    char text[LINE_MAX_BYTES];
};

static const char *const level_words[] = {"debug", "info", "warning", "error"};

/* What the two formats put around the parts of a line. */
static const struct format {
    const char *begin, *before_key, *after_key, *cut, *end;
    bool always_quoted;
} formats[] = {
    {"", " ", "=", " cut=yes", "\n", false},
    {"{\"time\":", ",\"", "\":", ",\"cut\":\"yes\"", "}\n", true},
};

static struct {
    const char *program;
    enum sc_log_level least;
    const struct format *format;
} how = {"stonechat", SC_LOG_INFO, &formats[0]};

static struct {
    int fd;
    bool is_socket;
} sink = {.fd = STDERR_FILENO};

static atomic_uint_fast64_t dropped;
static atomic_bool
    torn; /* the last line was written in part: the next one starts on its own line */

/* Where lines go so that nobody ever waits for whoever should read them: a pipe is opened anew,
 * since not to block is a property that those share who have inherited it. */
static void open_sink(void) {
    struct stat about;
    if (sink.fd != STDERR_FILENO) {
        close(sink.fd);
    }
    sink.fd = STDERR_FILENO;
    if (fstat(STDERR_FILENO, &about) != 0) {
        return;
    }
    sink.is_socket = S_ISSOCK(about.st_mode);
    if (S_ISFIFO(about.st_mode)) {
        int fd = open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_CLOEXEC);
        sink.fd = fd >= 0 ? fd : STDERR_FILENO;
    }
}

void sc_log_init(const struct sc_settings *settings, const char *program) {
    open_sink();
    how.program = program;
    how.format = &formats[strcmp(settings->log_format, "json") == 0];
    for (unsigned i = 0; i < sizeof level_words / sizeof level_words[0]; i++) {
        if (strcmp(settings->log_level, level_words[i]) == 0) {
            how.least = (enum sc_log_level)i;
        }
    }
}

/* Puts the whole of `piece` into the line, or cuts the line here for good. */
static void put(struct line *line, const char *piece, size_t bytes) {
    line->cut = line->cut || bytes > LINE_MAX_BYTES - CLOSING_BYTES - line->bytes;
    if (!line->cut) {
        memcpy(line->text + line->bytes, piece, bytes);
        line->bytes += bytes;
    }
}

/* What must stand at the end of a line, in the room that `put` leaves. */
static void close_with(struct line *line, const char *piece) {
    size_t bytes = strlen(piece);
    memcpy(line->text + line->bytes, piece, bytes);
    line->bytes += bytes;
}

/* Characters that a terminal acts upon, or that make text look other than it is. */
static bool is_treacherous(uint32_t c) {
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x00, 0x1F},     {0x7F, 0x9F},     {0xAD, 0xAD},     {0x61C, 0x61C},   {0x200B, 0x200F},
        {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (c >= ranges[i].first && c <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

/* As JSON spells a character in a string: in UTF-16 where it takes \u. */
static void put_escaped(struct line *line, uint32_t c) {
    char escape[16];
    int bytes;
    if (c == '"' || c == '\\') {
        bytes = snprintf(escape, sizeof escape, "\\%c", (int)c);
    } else if (c == '\n' || c == '\t' || c == '\r') {
        bytes = snprintf(escape, sizeof escape, "\\%c", c == '\n' ? 'n' : c == '\t' ? 't' : 'r');
    } else if (c < 0x10000) {
        bytes = snprintf(escape, sizeof escape, "\\u%04x", (unsigned)c);
    } else {
        bytes = snprintf(escape, sizeof escape, "\\u%04x\\u%04x", (unsigned)(0xD7C0 + (c >> 10)),
                         (unsigned)(0xDC00 + (c & 0x3FF)));
    }
    put(line, escape, (size_t)bytes);
}

/* One character of a value, escaped where it has to be; gives how many bytes of `value` it took. */
static size_t put_character(struct line *line, const char *value, size_t left) {
    uint32_t c;
    size_t bytes = utf8_decode(value, left, &c);
    if (bytes == 0) {
        put_escaped(line, 0xFFFD); /* stands for a byte that is not UTF-8 */
        return 1;
    }
    if (c == '"' || c == '\\' || is_treacherous(c)) {
        put_escaped(line, c);
    } else {
        put(line, value, bytes);
    }
    return bytes;
}

/* Whether a value can stand without quotes in key=value. */
static bool is_plain(const char *value) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-./:@%+,~";
    return value[0] != '\0' && value[strspn(value, plain)] == '\0';
}

static void put_value(struct line *line, const char *value) {
    bool quoted = how.format->always_quoted || !is_plain(value);
    put(line, "\"", quoted);
    bool opened = quoted && !line->cut;
    for (size_t left = strlen(value); left > 0 && !line->cut;) {
        size_t bytes = put_character(line, value, left);
        value += bytes;
        left -= bytes;
    }
    if (opened) {
        close_with(line, "\"");
    }
}

static void put_pair(struct line *line, const char *key, const char *value) {
    size_t before = line->bytes;
    put(line, how.format->before_key, strlen(how.format->before_key));
    put(line, key, strlen(key));
    put(line, how.format->after_key, strlen(how.format->after_key));
    size_t middle = line->bytes;
    put_value(line, value);
    if (line->cut && line->bytes == middle) {
        line->bytes = before; /* a key without its value is worse than neither */
    }
}

static void put_time(struct line *line) {
    struct timespec now;
    struct tm utc;
    char text[64];
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    size_t bytes = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(text + bytes, sizeof text - bytes, ".%03dZ", (int)(now.tv_nsec / 1000000));
    put_value(line, text);
}

static void end(struct line *line) {
    if (line->cut) {
        close_with(line, how.format->cut);
    }
    close_with(line, how.format->end);
}

static void write_line(const char *text, size_t bytes) {
    ssize_t written;
    do {
        written = sink.is_socket ? send(sink.fd, text, bytes, MSG_DONTWAIT | MSG_NOSIGNAL)
                                 : write(sink.fd, text, bytes);
    } while (written < 0 && errno == EINTR);
    if (written != (ssize_t)bytes) {
        atomic_fetch_add(&dropped, 1);
    }
    if (written > 0) {
        atomic_store(&torn, written != (ssize_t)bytes);
    }
}

static void put_event(enum sc_log_level level, const char *event, va_list fields) {
    struct line line = {.bytes = 0, .cut = false};
    if (atomic_load(&torn)) {
        put(&line, "\n", 1);
    }
    put(&line, how.format->begin, strlen(how.format->begin));
    put_time(&line);
    put_pair(&line, "level", level_words[level]);
    put_pair(&line, "program", how.program);
    put_pair(&line, "event", event);
    for (const char *key; (key = va_arg(fields, const char *)) != NULL;) {
        const char *value = va_arg(fields, const char *);
        if (value != NULL) {
            put_pair(&line, key, value);
        }
    }
    end(&line);
    write_line(line.text, line.bytes);
}

bool sc_log_is_on(enum sc_log_level level) {
    return level >= how.least;
}

void sc_log(enum sc_log_level level, const char *event, ...) {
    va_list fields;
    if (level >= how.least) {
        va_start(fields, event);
        put_event(level, event, fields);
        va_end(fields);
    }
}

void sc_log_anyway(enum sc_log_level level, const char *event, ...) {
    va_list fields;
    va_start(fields, event);
    put_event(level, event, fields);
    va_end(fields);
}

const char *sc_log_number(int64_t number) {
    enum { NUMBERS = 8, DIGITS = 24 };
    static _Thread_local char ring[NUMBERS][DIGITS];
    static _Thread_local unsigned next;
    char *text = ring[next++ % NUMBERS];
    snprintf(text, DIGITS, "%lld", (long long)number);
    return text;
}

uint64_t sc_log_dropped(void) {
    return atomic_load(&dropped);
}
