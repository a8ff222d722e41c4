/*
 * task: what the commands of admin have in common.
 */
#include "task.h"

#include <stdio.h>
#include <time.h>

#include <stonechat/log.h>

int task_fail(const char *name, const char *what) {
    fprintf(stderr, "stonechat-fcgi: %s: %s\n", name, what);
    return 1;
}

int task_outcome(const char *name, enum sc_error error) {
    return error == SC_OK ? 0 : task_fail(name, sc_error_row(error)->sentence);
}

void task_note(const char *event, const char *field, const char *value) {
    sc_log(SC_LOG_INFO, event, field, value, "by", "command line", NULL);
}

const char *task_time(int64_t ms, char out[TASK_TIME_CHARS]) {
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;
    strftime(out, TASK_TIME_CHARS, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &tm));
    return out;
}
