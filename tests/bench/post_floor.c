/*
 * post_floor: the least that a libfcgi program can do to send a message: one script call.
 *
 *   bench-post-floor REDIS.sock CALL LISTEN.sock THREADS
 *
 * CALL holds the call, a word of it in each line, with @USER@, @TEXT@ and @KEY@ where those of a
 * request stand: it is the very call that stonechat-fcgi makes (see call.mjs). No sessions, no
 * limits; whoever stands before the dot in the Authorization header is believed to be the user, and
 * `text` and `key` are taken from the body as they stand. Each thread has a link of its own.
 */
#include <err.h>
#include <fcgiapp.h>
#include <hiredis/hiredis.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 32, LINE_MAX_BYTES = 8192, BODY_MAX = 4096, VALUE_MAX = 1024, BACKLOG = 4096 };
enum { USER, TEXT, KEY, VALUES };

static const char *const marks[VALUES] = {"@USER@", "@TEXT@", "@KEY@"};

static struct {
    const char *redis;
    char *words[WORDS_MAX];
    int words_count, listener;
} floor_of;

struct message {
    char values[VALUES][VALUE_MAX];
};

/* --- what is asked --- */

static void read_call(const char *path) {
    char line[LINE_MAX_BYTES];
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        err(1, "%s", path);
    }
    while (floor_of.words_count < WORDS_MAX && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        floor_of.words[floor_of.words_count++] = strdup(line);
    }
    fclose(file);
}

static void take(char out[VALUE_MAX], const char *from, const char *before, char end) {
    const char *at = strstr(from, before);
    size_t bytes = 0;
    if (at != NULL) {
        at += strlen(before);
        bytes = strcspn(at, (char[]){end, '\0'});
    }
    snprintf(out, VALUE_MAX, "%.*s", (int)bytes, at != NULL ? at : "");
}

static void read_message(FCGX_Request *request, struct message *out) {
    char body[BODY_MAX];
    int bytes = FCGX_GetStr(body, sizeof body - 1, request->in);
    const char *authorization = FCGX_GetParam("HTTP_AUTHORIZATION", request->envp);
    body[bytes > 0 ? bytes : 0] = '\0';
    take(out->values[USER], authorization != NULL ? authorization : "", "Bearer ", '.');
    take(out->values[TEXT], body, "\"text\":\"", '"');
    take(out->values[KEY], body, "\"key\":\"", '"');
}

/* One word with what stands for the marks in it; gives where the next may be written. */
static char *fill(char *out, const char *word, const struct message *message) {
    while (*word != '\0') {
        size_t i = 0;
        while (i < VALUES && strncmp(word, marks[i], strlen(marks[i])) != 0) {
            i++;
        }
        if (i < VALUES) {
            out = stpcpy(out, message->values[i]);
            word += strlen(marks[i]);
        } else {
            *out++ = *word++;
        }
    }
    *out = '\0';
    return out + 1;
}

static redisReply *call(redisContext *redis, const struct message *message) {
    char text[WORDS_MAX * VALUE_MAX + LINE_MAX_BYTES], *at = text;
    const char *words[WORDS_MAX];
    size_t bytes[WORDS_MAX];
    for (int i = 0; i < floor_of.words_count; i++) {
        words[i] = at;
        at = fill(at, floor_of.words[i], message);
        bytes[i] = (size_t)(at - words[i]) - 1;
    }
    redisReply *reply = redisCommandArgv(redis, floor_of.words_count, words, bytes);
    if (reply == NULL || reply->type != REDIS_REPLY_ARRAY || reply->elements < 2) {
        errx(1, "Redis: %s", reply != NULL && reply->str != NULL ? reply->str : redis->errstr);
    }
    return reply;
}

/* --- threads --- */

static void *serve(void *unused) {
    FCGX_Request request;
    redisContext *redis = redisConnectUnix(floor_of.redis);
    if (redis == NULL || redis->err) {
        errx(1, "%s: %s", floor_of.redis, redis != NULL ? redis->errstr : "no memory");
    }
    FCGX_InitRequest(&request, floor_of.listener, 0);
    while (FCGX_Accept_r(&request) == 0) {
        struct message message;
        read_message(&request, &message);
        redisReply *reply = call(redis, &message);
        FCGX_FPrintF(request.out,
                     "Status: 201 Created\r\nContent-Type: application/json\r\n\r\n"
                     "{\"message\":%s}",
                     reply->element[1]->str);
        freeReplyObject(reply);
        FCGX_Finish_r(&request);
    }
    return unused;
}

int main(int argc, char **argv) {
    if (argc != 5) {
        errx(2, "REDIS.sock CALL LISTEN.sock THREADS are needed");
    }
    floor_of.redis = argv[1];
    read_call(argv[2]);
    FCGX_Init();
    floor_of.listener = FCGX_OpenSocket(argv[3], BACKLOG);
    for (long threads = strtol(argv[4], NULL, 10); threads > 1; threads--) {
        pthread_t thread;
        pthread_create(&thread, NULL, serve, NULL);
    }
    serve(NULL);
}
