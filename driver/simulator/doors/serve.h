/* serve.h - doors through which other processes reach the machine, and the people who walk up to it. */
#ifndef KW_SIMULATOR_DOORS_SERVE_H
#define KW_SIMULATOR_DOORS_SERVE_H

#include "simulator/doors/folder.h"

#include <poll.h>

/* ---- orders: lines on a descriptor and on a UNIX socket ---- */

enum { KW_CONTROL_CLIENTS = 4, KW_CONTROL_LINE = 256 };

struct kw_sim_control {
    struct kw_sim *sim;
    struct kw_sim_folder *folder;       /* keeps the orders; NULL: nobody does */
    void (*say)(void *data, const char *line);      /* the answer to a line of the descriptor */
    void *say_data;
    int listener;
    /* The first is lines_fd. */
    struct { int fd; char line[KW_CONTROL_LINE]; size_t length; } sources[1 + KW_CONTROL_CLIENTS];
    char path[108];
};

/* path and lines_fd may be NULL and -1. The socket is made anew and is this user's own. */
int kw_sim_control_open(struct kw_sim_control *control, const char *path, int lines_fd, struct kw_error *error);
void kw_sim_control_close(struct kw_sim_control *control);
/* Fills what to wait for; returns how many (at most KW_CONTROL_CLIENTS + 2). */
size_t kw_sim_control_fds(const struct kw_sim_control *control, struct pollfd *fds);
/* Obeys what has come; never waits. */
void kw_sim_control_run(struct kw_sim_control *control);

/* ---- doors ---- */

struct kw_sim_door {
    struct kw_sim *sim;
    struct kw_sim_folder *folder;       /* flushed as it goes; NULL: none */
    struct kw_sim_control *control;     /* NULL: no orders */
    bool (*go_on)(void *data);          /* asked at least every 200 ms; NULL: always */
    void (*say)(void *data, const char *line);      /* where it listens, who comes and goes */
    void *data;
    int lockout_ms;                     /* -1: a second caller waits; else it is refused, and so long after the first */
};

/* Listens on "127.0.0.1:9100" ("host:0": any free port); serves one connection at a time until told to stop. */
int kw_sim_serve_tcp(const struct kw_sim_door *door, const char *place, struct kw_error *error);
/* A pseudo-terminal that programs open as a serial port. */
int kw_sim_serve_pty(const struct kw_sim_door *door, struct kw_error *error);

#endif
