/*
 * stonechat-fcgi: the REST half of Stonechat, behind nginx.
 *
 * Reads the settings, opens the pool, sets the janitor and the sender of pushes to work and waits
 * for a signal to end all; or, with `user ...` and the like on the command line, looks after what
 * there is and exits.
 */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <curl/curl.h>
#include <fcgiapp.h>
#include <sodium.h>
#include <stonechat/arguments.h>
#include <stonechat/log.h>

#include "admin.h"
#include "janitor.h"
#include "lobby.h"
#include "metrics.h"
#include "pool.h"
#include "push_sender.h"
#include "session_watch.h"
#include "site.h"

static const char PROGRAM[] = "stonechat-fcgi";

enum { CLOSE_MS = 3500, CLOSE_JANITOR_MS = 1000, CLOSE_SENDER_MS = 400 };

/* Threads inherit the mask, so that signals reach nobody but wait_for_end. */
static void block_signals(sigset_t *ends) {
    sigemptyset(ends);
    sigaddset(ends, SIGTERM);
    sigaddset(ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, ends, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static void open_lobby(struct site *site) {
    struct link link;
    site_link(site, &link);
    if (lobby_open(&link, site->settings->rooms_default) != SC_OK) {
        sc_log(SC_LOG_WARNING, "lobby_missing", "detail", "made once Redis answers", NULL);
    }
    link_deinit(&link);
}

/* Before the pool, whose threads wake it. */
static bool open_sender(struct site *site) {
    bool is_wanted = site->settings->notify_push;
    site->sender = is_wanted ? push_sender_new(site) : NULL;
    return !is_wanted || site->sender;
}

static bool close_sender(struct site *site) {
    return !site->sender || push_sender_close(&site->sender, CLOSE_SENDER_MS);
}

static int serve(struct site *site, const sigset_t *ends) {
    struct pool pool;
    int signal_number;
    open_lobby(site);
    struct session_watch *watch = session_watch_new(site);
    if (!open_sender(site)) {
        return 1;
    }
    if (!pool_open(&pool, site)) {
        close_sender(site);
        return 1;
    }
    struct janitor *janitor = janitor_new(site, chores, CHORE_COUNT);
    if (!janitor) {
        return 1;
    }
    sc_log(SC_LOG_INFO, "started", "version", STONECHAT_VERSION, "socket",
           site->settings->http_socket, "threads", sc_log_number((int64_t)pool.count), NULL);
    sigwait(ends, &signal_number);
    if (!pool_close(&pool, CLOSE_MS) || !janitor_close(&janitor, CLOSE_JANITOR_MS) ||
        !close_sender(site)) {
        sc_log(SC_LOG_WARNING, "stopped", "detail", "with work unfinished", NULL);
        _exit(0);
    }
    session_watch_free(&watch);
    sc_log(SC_LOG_INFO, "stopped", NULL);
    return 0;
}

int main(int argc, char **argv) {
    struct sc_settings settings;
    struct site site;
    sigset_t ends;
    int first = sc_settings_from_arguments(&settings, argc, argv, PROGRAM, NULL, admin_help);
    sc_log_init(&settings, PROGRAM);
    block_signals(&ends);
    if (sodium_init() < 0 || FCGX_Init() != 0 || curl_global_init(CURL_GLOBAL_ALL) != 0 ||
        !site_init(&site, &settings)) {
        sc_settings_deinit(&settings);
        return 2;
    }
    metrics_init(&settings);

    int status = first < argc ? admin_run(&site, argc - first, argv + first) : serve(&site, &ends);
    site_deinit(&site);
    sc_settings_deinit(&settings);
    return status;
}
