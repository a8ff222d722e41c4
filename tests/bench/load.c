/*
 * load: many connections, a publisher, and what the server between them has used.
 *
 *   bench-load --connections N --target PATH|IP:PORT [--path /ws] [--tokens FILE] [--say TEXT]
 *              [--greetings N] [--server PID] [--seconds N] [--warm N]
 *              [--order FILE --to PATH|IP:PORT [--rate N | --window N] [--burst N]]
 *
 * Opens all connections, publishes `warm` seconds and then, measured, `seconds`: `rate` times a
 * second (a burst of 1 message unless told), or (rate 0) as many as keep `window` of them on their
 * way (at most 32 in one write; unless told, 256 or half a million deliveries). Prints one line of
 * JSON. An open loop: what was due while the machine stood still counts with the time when it was
 * due. Connections beyond this process's descriptors go to further processes.
 */
#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crowd.h"
#include "family.h"
#include "publisher.h"

enum { SPARE_DESCRIPTORS = 64, NAP_NS = 30000, SETTLE_MS = 200, LATE_MS = 20000 };
enum { BURST = 32, WINDOW_LEAST = 16, WINDOW_MOST = 256, DELIVERIES_AWAY = 500000 };
static const uint64_t SECOND_NS = 1000000000;

struct load {
    struct crowd_plan plan;
    const char *order, *to;
    double rate, seconds, warm;
    uint64_t window, burst;
    pid_t server;
    struct tallies *tallies;
    struct publisher publisher;
};

/* A moment: what had been used and delivered by then. */
struct look {
    uint64_t at_ns, deliveries, published;
    struct family family;
};

/* --- the command line --- */

static void read_tokens(struct crowd_plan *plan, const char *path) {
    char line[256];
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        err(2, "%s", path);
    }
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        plan->tokens = realloc(plan->tokens, (plan->tokens_count + 1) * sizeof *plan->tokens);
        plan->tokens[plan->tokens_count++] = strdup(line);
    }
    fclose(file);
}

static void take_option(struct load *load, int option, const char *value) {
    switch (option) {
    case 'n':
        load->plan.count = (unsigned)strtoul(value, NULL, 10);
        break;
    case 't':
        load->plan.target = address_of(value);
        break;
    case 'p':
        load->plan.path = value;
        break;
    case 'T':
        read_tokens(&load->plan, value);
        break;
    case 's':
        load->plan.say = value;
        break;
    case 'g':
        load->plan.greetings = (unsigned)strtoul(value, NULL, 10);
        break;
    case 'P':
        load->server = (pid_t)strtol(value, NULL, 10);
        break;
    case 'S':
        load->seconds = strtod(value, NULL);
        break;
    case 'w':
        load->warm = strtod(value, NULL);
        break;
    case 'o':
        load->order = value;
        break;
    case 'a':
        load->to = value;
        break;
    case 'r':
        load->rate = strtod(value, NULL);
        break;
    case 'b':
        load->burst = strtoull(value, NULL, 10);
        break;
    case 'W':
        load->window = strtoull(value, NULL, 10);
        break;
    default:
        exit(2);
    }
}

static struct load read_options(int argc, char **argv) {
    static const struct option options[] = {{"connections", required_argument, NULL, 'n'},
                                            {"target", required_argument, NULL, 't'},
                                            {"path", required_argument, NULL, 'p'},
                                            {"tokens", required_argument, NULL, 'T'},
                                            {"say", required_argument, NULL, 's'},
                                            {"greetings", required_argument, NULL, 'g'},
                                            {"server", required_argument, NULL, 'P'},
                                            {"seconds", required_argument, NULL, 'S'},
                                            {"warm", required_argument, NULL, 'w'},
                                            {"order", required_argument, NULL, 'o'},
                                            {"to", required_argument, NULL, 'a'},
                                            {"rate", required_argument, NULL, 'r'},
                                            {"window", required_argument, NULL, 'W'},
                                            {"burst", required_argument, NULL, 'b'},
                                            {0}};
    struct load load = {.plan = {.path = "/ws", .count = 100}, .seconds = 2, .warm = 0.5};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        take_option(&load, option, optarg);
    }
    if (load.plan.target.bytes == 0 || load.plan.count == 0 || !load.order != !load.to) {
        errx(2, "--target is needed, and --order with --to");
    }
    return load;
}

/* --- what all tallies say --- */

/* One number of all tallies; `offset` is where it is in one. */
static uint64_t sum(const struct load *load, size_t offset) {
    uint64_t total = 0;
    for (unsigned i = 0; i < load->tallies->count; i++) {
        const char *tally = (const char *)&load->tallies->each[i];
        total += atomic_load((const _Atomic uint64_t *)(tally + offset));
    }
    return total;
}

static uint64_t deliveries_of(const struct load *load) {
    return sum(load, offsetof(struct tally, deliveries));
}

static struct look look_at(const struct load *load) {
    return (struct look){now_ns(), deliveries_of(load), load->publisher.published,
                         load->server ? family_look(load->server) : (struct family){0}};
}

/* --- the crowds, each in a process of its own --- */

static unsigned descriptors(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    return (unsigned)limit.rlim_cur - SPARE_DESCRIPTORS;
}

static void share_tallies(struct load *load, unsigned count) {
    size_t bytes = sizeof *load->tallies + count * sizeof load->tallies->each[0];
    load->tallies = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (load->tallies == MAP_FAILED) {
        err(1, "mmap");
    }
    load->tallies->count = count;
}

static void start_crowd(const struct load *load, unsigned index, unsigned most) {
    struct crowd_plan plan = load->plan;
    plan.first = index * most;
    plan.count = plan.count - plan.first < most ? plan.count - plan.first : most;
    pid_t pid = fork();
    if (pid < 0) {
        err(1, "fork");
    }
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        crowd_run(&plan, load->tallies, &load->tallies->each[index]);
        _exit(0);
    }
}

static struct look start_crowds(struct load *load) {
    unsigned most = descriptors();
    share_tallies(load, (load->plan.count + most - 1) / most);
    struct look start = look_at(load);
    for (unsigned i = 0; i < load->tallies->count; i++) {
        start_crowd(load, i, most);
    }
    return start;
}

static void check_crowds(void) {
    int status;
    if (waitpid(-1, &status, WNOHANG) > 0) {
        errx(1, "a crowd has ended early");
    }
}

static void end_crowds(struct load *load) {
    atomic_store(&load->tallies->over, 1);
    while (wait(NULL) > 0) {
    }
}

/* --- publishing --- */

static void nap(uint64_t ns) {
    nanosleep(&(struct timespec){(time_t)(ns / SECOND_NS), (long)(ns % SECOND_NS)}, NULL);
}

/* How many deliveries all that was published comes to. */
static uint64_t expected(const struct load *load) {
    const struct publisher *publisher = &load->publisher;
    return publisher->count ? publisher->published * load->plan.count / publisher->count : 0;
}

static void at_rate(struct load *load, uint64_t until) {
    uint64_t step = (uint64_t)((double)SECOND_NS / load->rate);
    for (uint64_t due = now_ns(); due < until; due += step) {
        for (uint64_t now = now_ns(); now < due; now = now_ns()) {
            nap(due - now);
        }
        publisher_send(&load->publisher, due, load->burst ? (unsigned)load->burst : 1);
        publisher_hear(&load->publisher);
    }
}

/* Enough to fill what one read brings, but not more than the slowest can deliver in seconds. */
static uint64_t window_for(uint64_t share) {
    uint64_t window = DELIVERIES_AWAY / share;
    return window < WINDOW_LEAST ? WINDOW_LEAST : window > WINDOW_MOST ? WINDOW_MOST : window;
}

static void saturated(struct load *load, uint64_t until) {
    uint64_t share =
        load->plan.count / load->publisher.count + (load->plan.count < load->publisher.count);
    uint64_t window = load->window ? load->window : window_for(share);
    uint64_t burst = load->burst ? load->burst : BURST;
    for (uint64_t now; (now = now_ns()) < until;) {
        uint64_t away = (expected(load) - deliveries_of(load)) / share;
        if (away < window) {
            uint64_t room = window - away;
            publisher_send(&load->publisher, now, (unsigned)(room < burst ? room : burst));
        } else {
            nap(NAP_NS);
        }
        publisher_hear(&load->publisher);
    }
}

static void await_deliveries(const struct load *load) {
    for (int i = 0; i < LATE_MS && deliveries_of(load) < expected(load); i++) {
        nap(SECOND_NS / 1000);
    }
}

static void publish(struct load *load, double seconds) {
    uint64_t until = now_ns() + (uint64_t)(seconds * (double)SECOND_NS);
    if (load->order == NULL) {
        nap(until - now_ns());
    } else if (load->rate > 0) {
        at_rate(load, until);
        await_deliveries(load); /* so that what is looked at next is whole */
    } else {
        saturated(load, until);
    }
    check_crowds();
}

/* --- the report --- */

static double us(uint64_t ns) {
    return (double)ns / 1000;
}

static void report(const struct load *load, const struct look *start, const struct look *open,
                   const struct look *from, const struct look *to) {
    struct histogram *latency = &load->tallies->each[0].latency;
    uint64_t deliveries = to->deliveries - from->deliveries, total = deliveries_of(load);
    double seconds = (double)(to->at_ns - from->at_ns) / (double)SECOND_NS;
    for (unsigned i = 1; i < load->tallies->count; i++) {
        histogram_merge(latency, &load->tallies->each[i].latency);
    }
    printf("{\"connections\":%u,\"open_s\":%.3f,\"open_cpu_us\":%.2f,", load->plan.count,
           us(open->at_ns - start->at_ns) / 1e6,
           us(open->family.cpu_ns - start->family.cpu_ns) / load->plan.count);
    printf("\"seconds\":%.3f,\"messages\":%" PRIu64 ",\"deliveries\":%" PRIu64
           ",\"per_second\":%.0f,\"cpu_share\":%.3f,\"cpu_us\":%.4f,",
           seconds, to->published - from->published, deliveries, (double)deliveries / seconds,
           us(to->family.cpu_ns - from->family.cpu_ns) / seconds / 1e6,
           deliveries ? us(to->family.cpu_ns - from->family.cpu_ns) / (double)deliveries : 0);
    printf("\"p50_us\":%.1f,\"p99_us\":%.1f,\"max_us\":%.1f,", us(histogram_quantile(latency, 0.5)),
           us(histogram_quantile(latency, 0.99)), us(latency->most));
    printf("\"gaps\":%" PRIu64 ",\"duplicates\":%" PRIu64 ",\"missing\":%" PRId64
           ",\"closed\":%" PRIu64 ",\"rss_bytes\":%" PRIu64 ",\"pss_bytes\":%" PRIu64 "}\n",
           sum(load, offsetof(struct tally, gaps)), sum(load, offsetof(struct tally, duplicates)),
           load->order ? (int64_t)(expected(load) - total) : 0,
           sum(load, offsetof(struct tally, closed)), to->family.rss_bytes, to->family.pss_bytes);
}

int main(int argc, char **argv) {
    struct load load = read_options(argc, argv);
    struct look start = start_crowds(&load);
    while (sum(&load, offsetof(struct tally, ready)) < load.plan.count) {
        check_crowds();
        nap(SECOND_NS / 1000);
    }
    struct look open = look_at(&load);
    nap(SETTLE_MS * SECOND_NS / 1000);
    if (load.order != NULL) {
        struct address to = address_of(load.to);
        publisher_init(&load.publisher, &to, load.order);
    }
    publish(&load, load.warm);
    atomic_store(&load.tallies->since_ns, now_ns());
    struct look from = look_at(&load);
    publish(&load, load.seconds);
    struct look to = look_at(&load);
    await_deliveries(&load);
    end_crowds(&load);
    report(&load, &start, &open, &from, &to);
    return 0;
}
