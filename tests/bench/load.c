/*
 * load: many connections and a publisher, which do what is said to them line by line.
 *
 *   bench-load [--order FILE --to PATH|IP:PORT] GROUP...
 *   GROUP: --group NAME --connections N --target PATH|IP:PORT [--path /ws] [--credentials FILE]
 *          [--say TEXT] [--greetings N] [--opening N] [--returns]
 *
 * A group is connections of one kind, as struct crowd_plan has it, in as many processes as their
 * descriptors ask for. Each line on stdin is a command of the table at the end and is answered by
 * one line of JSON: the state at that moment. Traffic goes on meanwhile: at a rate, in an open loop
 * (what was due while the machine stood still counts with the time when it was due), or flooding,
 * with as many messages on their way as the window allows. Ends with its stdin.
 */
#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
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

enum { SPARE_DESCRIPTORS = 64, NAP_NS = 30000, IDLE_NS = 20000000, SERVERS_MAX = 8, LINE = 256 };
enum { WINDOW_LEAST = 16, WINDOW_MOST = 1024, DELIVERIES_AWAY = 500000 };
static const uint64_t SECOND_NS = 1000000000;

struct group {
    const char *name;
    struct crowd_plan plan;
    unsigned first, crowds; /* its tallies */
};

struct server {
    char name[24];
    pid_t pid;
};

struct load {
    struct group groups[GROUPS_MAX];
    unsigned groups_count, servers_count;
    struct server servers[SERVERS_MAX];
    struct tallies *tallies;
    const char *order, *to;
    struct publisher publisher;
    uint64_t step_ns, due_ns; /* at a rate; step 0: none */
    unsigned burst;
    bool flooding;
    uint64_t window; /* 0: as the deliveries of a message ask for */
};

/* --- the command line --- */

static void read_credentials(struct crowd_plan *plan, const char *path) {
    char line[LINE];
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        err(2, "%s", path);
    }
    while (fgets(line, sizeof line, file) != NULL) {
        struct credential one = {0};
        int found =
            sscanf(line, "%ms %ms %" SCNu64 " %" SCNu64, &one.token, &one.room, &one.seq, &one.at);
        if (found < 1) {
            errx(2, "%s: TOKEN [ROOM [SEQ AT]] is wanted", path);
        }
        if ((plan->credentials_count & (plan->credentials_count - 1)) == 0) {
            plan->credentials = realloc(plan->credentials, (plan->credentials_count * 2 + 1) *
                                                               sizeof *plan->credentials);
        }
        plan->credentials[plan->credentials_count++] = one;
    }
    fclose(file);
}

static struct crowd_plan *begin_group(struct load *load, const char *name) {
    if (load->groups_count == GROUPS_MAX) {
        errx(2, "more than %d groups", GROUPS_MAX);
    }
    struct group *group = &load->groups[load->groups_count];
    *group = (struct group){.name = name,
                            .plan = {.path = "/ws", .opening = 100, .group = load->groups_count}};
    load->groups_count++;
    return &group->plan;
}

static void take_group_option(struct crowd_plan *plan, int option, const char *value) {
    switch (option) {
    case 'n':
        plan->count = (unsigned)strtoul(value, NULL, 10);
        break;
    case 't':
        plan->target = address_of(value);
        break;
    case 'p':
        plan->path = value;
        break;
    case 'c':
        read_credentials(plan, value);
        break;
    case 's':
        plan->say = value;
        break;
    case 'g':
        plan->greetings = (unsigned)strtoul(value, NULL, 10);
        break;
    case 'O':
        plan->opening = (unsigned)strtoul(value, NULL, 10);
        break;
    case 'R':
        plan->returns = true;
        break;
    default:
        exit(2);
    }
}

static void read_options(struct load *load, int argc, char **argv) {
    static const struct option options[] = {{"order", required_argument, NULL, 'o'},
                                            {"to", required_argument, NULL, 'a'},
                                            {"group", required_argument, NULL, 'G'},
                                            {"connections", required_argument, NULL, 'n'},
                                            {"target", required_argument, NULL, 't'},
                                            {"path", required_argument, NULL, 'p'},
                                            {"credentials", required_argument, NULL, 'c'},
                                            {"say", required_argument, NULL, 's'},
                                            {"greetings", required_argument, NULL, 'g'},
                                            {"opening", required_argument, NULL, 'O'},
                                            {"returns", no_argument, NULL, 'R'},
                                            {0}};
    struct crowd_plan *plan = NULL;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'o') {
            load->order = optarg;
        } else if (option == 'a') {
            load->to = optarg;
        } else if (option == 'G') {
            plan = begin_group(load, optarg);
        } else if (plan != NULL) {
            take_group_option(plan, option, optarg);
        } else {
            errx(2, "--group comes before its options");
        }
    }
    for (unsigned i = 0; i < load->groups_count; i++) {
        if (load->groups[i].plan.target.bytes == 0 || load->groups[i].plan.count == 0) {
            errx(2, "%s: --target and --connections are needed", load->groups[i].name);
        }
    }
    if (plan == NULL || !load->order != !load->to) {
        errx(2, "a --group is needed, and --order with --to");
    }
}

/* --- the crowds, each in a process of its own --- */

static unsigned descriptors(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    return (unsigned)limit.rlim_cur - SPARE_DESCRIPTORS;
}

static void share_tallies(struct load *load, unsigned most) {
    unsigned count = 0;
    for (unsigned i = 0; i < load->groups_count; i++) {
        struct group *group = &load->groups[i];
        group->first = count;
        group->crowds = (group->plan.count + most - 1) / most;
        count += group->crowds;
    }
    size_t bytes = sizeof *load->tallies + count * sizeof load->tallies->each[0];
    load->tallies = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (load->tallies == MAP_FAILED) {
        err(1, "mmap");
    }
    load->tallies->count = count;
}

static void start_crowd(const struct load *load, const struct group *group, unsigned index) {
    struct crowd_plan plan = group->plan;
    plan.first = (unsigned)((uint64_t)group->plan.count * index / group->crowds);
    plan.count = (unsigned)((uint64_t)group->plan.count * (index + 1) / group->crowds) - plan.first;
    pid_t pid = fork();
    if (pid < 0) {
        err(1, "fork");
    }
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(STDIN_FILENO);
        crowd_run(&plan, load->tallies, &load->tallies->each[group->first + index]);
        _exit(0);
    }
}

static void start_crowds(struct load *load) {
    share_tallies(load, descriptors());
    for (unsigned i = 0; i < load->groups_count; i++) {
        for (unsigned k = 0; k < load->groups[i].crowds; k++) {
            start_crowd(load, &load->groups[i], k);
        }
    }
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

/* --- traffic --- */

static bool is_open(const struct load *load, unsigned group) {
    return atomic_load(&load->tallies->controls[group].open) != 0;
}

/* Connections of the groups that have been opened. */
static uint64_t readers_of(const struct load *load) {
    uint64_t readers = 0;
    for (unsigned i = 0; i < load->groups_count; i++) {
        readers += is_open(load, i) ? load->groups[i].plan.count : 0;
    }
    return readers;
}

/* How many deliveries all that was published comes to: orders have equally many readers each. */
static uint64_t expected(const struct load *load) {
    const struct publisher *publisher = &load->publisher;
    return publisher->count ? publisher->published * readers_of(load) / publisher->count : 0;
}

static uint64_t deliveries_of(const struct load *load) {
    uint64_t deliveries = 0;
    for (unsigned i = 0; i < load->tallies->count; i++) {
        deliveries += atomic_load(&load->tallies->each[i].deliveries);
    }
    return deliveries;
}

/* Enough to fill what one read brings, but not more than the slowest can deliver in seconds. */
static uint64_t window_of(const struct load *load, uint64_t share) {
    uint64_t window = DELIVERIES_AWAY / share;
    return load->window            ? load->window
           : window < WINDOW_LEAST ? WINDOW_LEAST
           : window > WINDOW_MOST  ? WINDOW_MOST
                                   : window;
}

/* Both return how long there is nothing to do. */
static uint64_t flood(struct load *load) {
    uint64_t share = readers_of(load) / load->publisher.count + 1;
    uint64_t missing = expected(load) - deliveries_of(load);
    if (missing / share >= window_of(load, share)) {
        return NAP_NS;
    }
    publisher_send(&load->publisher, now_ns(), load->burst);
    return 0;
}

static uint64_t keep_rate(struct load *load) {
    uint64_t now = now_ns();
    for (; load->due_ns <= now; load->due_ns += load->step_ns) {
        publisher_send(&load->publisher, load->due_ns, load->burst);
        publisher_hear(&load->publisher);
    }
    return load->due_ns - now;
}

static uint64_t serve(struct load *load) {
    uint64_t wait = load->flooding ? flood(load) : load->step_ns > 0 ? keep_rate(load) : IDLE_NS;
    if (load->order != NULL) {
        publisher_hear(&load->publisher);
    }
    return wait < IDLE_NS ? wait : IDLE_NS;
}

/* --- the report --- */

static void print_quantiles(const char *name, const struct histogram *histogram) {
    printf("\"%s\":{\"count\":%" PRIu64 ",\"p50_us\":%.1f,\"p99_us\":%.1f,\"max_us\":%.1f}", name,
           histogram->count, (double)histogram_quantile(histogram, 0.5) / 1e3,
           (double)histogram_quantile(histogram, 0.99) / 1e3, (double)histogram->most / 1e3);
}

static void print_group(const struct load *load, const struct group *group) {
    static struct histogram latency, entering;
    const struct tally *tallies = &load->tallies->each[group->first];
    memset(&latency, 0, sizeof latency);
    memset(&entering, 0, sizeof entering);
    for (unsigned i = 0; i < group->crowds; i++) {
        histogram_merge(&latency, &tallies[i].latency);
        histogram_merge(&entering, &tallies[i].entering);
    }
    printf("\"%s\":{\"connections\":%u,", group->name, group->plan.count);
#define X(name)                                                                                    \
    {                                                                                              \
        uint64_t sum = 0;                                                                          \
        for (unsigned i = 0; i < group->crowds; i++) {                                             \
            sum += atomic_load(&tallies[i].name);                                                  \
        }                                                                                          \
        printf("\"" #name "\":%" PRIu64 ",", sum);                                                 \
    }
    TALLY_COUNTS(X)
#undef X
    print_quantiles("latency", &latency);
    putchar(',');
    print_quantiles("entering", &entering);
    putchar('}');
}

static void print_servers(const struct load *load) {
    for (unsigned i = 0; i < load->servers_count; i++) {
        struct family family = family_look(load->servers[i].pid);
        printf("%s\"%s\":{\"cpu_ns\":%" PRIu64 ",\"rss\":%" PRIu64 ",\"pss\":%" PRIu64 "}",
               i ? "," : "", load->servers[i].name, family.cpu_ns, family.rss_bytes,
               family.pss_bytes);
    }
}

static void print_state(const struct load *load) {
    printf("{\"at_ns\":%" PRIu64 ",\"published\":%" PRIu64 ",\"deliveries\":%" PRIu64
           ",\"expected\":%" PRIu64 ",\"groups\":{",
           now_ns(), load->publisher.published, deliveries_of(load), expected(load));
    for (unsigned i = 0; i < load->groups_count; i++) {
        fputs(i ? "," : "", stdout);
        print_group(load, &load->groups[i]);
    }
    fputs("},\"servers\":{", stdout);
    print_servers(load);
    puts("}}");
    fflush(stdout);
}

/* --- commands: one function each; `words` is what stands behind the command --- */

static struct control *control_of(const struct load *load, const char *name) {
    for (unsigned i = 0; i < load->groups_count; i++) {
        if (strcmp(load->groups[i].name, name) == 0) {
            return &load->tallies->controls[i];
        }
    }
    errx(2, "no group %s", name);
}

/* From now on it counts how long a connection takes to be in. */
static void on_begin(struct load *load, const char *words) {
    atomic_store(&control_of(load, words)->began_ns, now_ns());
}

static void on_open(struct load *load, const char *words) {
    on_begin(load, words);
    atomic_store(&control_of(load, words)->open, 1);
}

static void on_cut(struct load *load, const char *words) {
    on_begin(load, words);
    atomic_fetch_add(&control_of(load, words)->cuts, 1);
}

/* Until they are let come again, with the cursors that they have. */
static void on_away(struct load *load, const char *words) {
    atomic_store(&control_of(load, words)->open, 0);
    on_cut(load, words);
}

static void on_deaf(struct load *load, const char *words) {
    atomic_store(&control_of(load, words)->deaf, 1);
}

static void on_hear(struct load *load, const char *words) {
    atomic_store(&control_of(load, words)->deaf, 0);
}

static void on_watch(struct load *load, const char *words) {
    struct server server = {0};
    int pid;
    unsigned i = 0;
    if (sscanf(words, "%23s %d", server.name, &pid) != 2) {
        errx(2, "watch NAME PID");
    }
    server.pid = pid;
    while (i < load->servers_count && strcmp(load->servers[i].name, server.name) != 0) {
        i++;
    }
    if (i == SERVERS_MAX) {
        errx(2, "more than %d servers", SERVERS_MAX);
    }
    load->servers[i] = server;
    load->servers_count += i == load->servers_count;
}

static void on_rate(struct load *load, const char *words) {
    double rate = 0;
    load->burst = 1;
    load->flooding = false;
    if (sscanf(words, "%lf %u", &rate, &load->burst) < 1 || load->order == NULL) {
        errx(2, "rate ORDERS_A_SECOND [BURST], and --order");
    }
    load->step_ns = rate > 0 ? (uint64_t)((double)SECOND_NS / rate) : 0;
    load->due_ns = now_ns();
}

static void on_flood(struct load *load, const char *words) {
    load->burst = 1;
    load->window = 0;
    load->flooding = load->order != NULL;
    load->step_ns = 0;
    (void)!sscanf(words, "%" SCNu64 " %u", &load->window, &load->burst);
}

static void on_orders(struct load *load, const char *words) {
    publisher_read(&load->publisher, words);
}

/* Latency counts from now on, of what is sent from now on. */
static void on_fresh(struct load *load, const char *words) {
    (void)words;
    atomic_store(&load->tallies->since_ns, now_ns());
}

static void on_look(struct load *load, const char *words) {
    (void)load;
    (void)words;
}

static const struct {
    const char *word;
    void (*on)(struct load *, const char *);
} commands[] = {
    {"look", on_look},     /* says nothing but the state, as all do */
    {"watch", on_watch},   /* NAME PID: what that process and its children use */
    {"open", on_open},     /* GROUP: its connections come */
    {"begin", on_begin},   /* GROUP: those who come from now on are timed from now on */
    {"cut", on_cut},       /* GROUP: all its connections are dropped, and come again */
    {"away", on_away},     /* GROUP: all its connections are dropped, and stay away until `open` */
    {"deaf", on_deaf},     /* GROUP: reads nothing */
    {"hear", on_hear},     /* GROUP: reads again */
    {"rate", on_rate},     /* ORDERS [BURST]: a second, each burst counted once; 0: no traffic */
    {"flood", on_flood},   /* [WINDOW [BURST]] */
    {"orders", on_orders}, /* FILE: published from now on */
    {"fresh", on_fresh},   /* forgets all latencies */
};

static void obey(struct load *load, char *line) {
    line[strcspn(line, "\n")] = '\0';
    char *words = line + strcspn(line, " ");
    words += *words == ' ' ? (*words = '\0', 1) : 0;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(commands[i].word, line) == 0) {
            commands[i].on(load, words);
            print_state(load);
            return;
        }
    }
    errx(2, "no command %s", line);
}

/* Until stdin ends. Whoever says a command waits for its answer, so that a read is one line. */
static void run(struct load *load) {
    struct pollfd pollfd = {.fd = STDIN_FILENO, .events = POLLIN};
    char line[LINE];
    ssize_t got = 1;
    while (got > 0) {
        struct timespec wait = {.tv_nsec = (long)serve(load)};
        if (ppoll(&pollfd, 1, &wait, NULL) > 0) {
            got = read(STDIN_FILENO, line, sizeof line - 1);
            if (got > 0) {
                line[got] = '\0';
                obey(load, line);
            }
        }
        check_crowds();
    }
}

int main(int argc, char **argv) {
    struct load load = {.burst = 1};
    read_options(&load, argc, argv);
    start_crowds(&load);
    if (load.order != NULL) {
        struct address to = address_of(load.to);
        publisher_init(&load.publisher, &to);
        publisher_read(&load.publisher, load.order);
    }
    run(&load);
    end_crowds(&load);
    return 0;
}
