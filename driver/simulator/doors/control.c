/* control.c - orders to a running machine: a line in, a line of answer out. */
#include "simulator/doors/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { ANSWER_MOST = 1024 };

int kw_sim_control_open(struct kw_sim_control *control, const char *path, int lines_fd, struct kw_error *error)
{
    struct sockaddr_un place = { .sun_family = AF_UNIX };
    control->listener = -1;
    control->path[0] = 0;
    for (size_t i = 0; i <= KW_CONTROL_CLIENTS; i++) {
        control->sources[i].fd = -1;
        control->sources[i].length = 0;
    }
    control->sources[0].fd = lines_fd;
    if (!path)
        return 0;
    if (strlen(path) >= sizeof place.sun_path)
        return kw_fail(error, KWIT_E_USAGE, path, "the path of a control socket has at most %zu bytes",
                       sizeof place.sun_path - 1);
    struct stat facts;
    if (lstat(path, &facts) == 0 && S_ISSOCK(facts.st_mode))
        unlink(path);
    memcpy(place.sun_path, path, strlen(path) + 1);
    control->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mode_t before = umask(0077);
    bool bound = control->listener >= 0 && bind(control->listener, (struct sockaddr *)&place, sizeof place) == 0;
    umask(before);
    if (!bound || listen(control->listener, KW_CONTROL_CLIENTS) != 0) {
        int number = errno;
        kw_sim_control_close(control);
        return kw_fail(error, kw_error_from_errno(number), path, "cannot make the control socket: %s",
                       strerror(number));
    }
    memcpy(control->path, path, strlen(path) + 1);
    return 0;
}

void kw_sim_control_close(struct kw_sim_control *control)
{
    for (size_t i = 1; i <= KW_CONTROL_CLIENTS; i++)
        if (control->sources[i].fd >= 0)
            close(control->sources[i].fd);
    if (control->listener >= 0)
        close(control->listener);
    if (control->path[0])
        unlink(control->path);
    control->listener = -1;
    control->path[0] = 0;
}

size_t kw_sim_control_fds(const struct kw_sim_control *control, struct pollfd *fds)
{
    size_t count = 0;
    if (control->listener >= 0)
        fds[count++] = (struct pollfd){ .fd = control->listener, .events = POLLIN };
    for (size_t i = 0; i <= KW_CONTROL_CLIENTS; i++)
        if (control->sources[i].fd >= 0)
            fds[count++] = (struct pollfd){ .fd = control->sources[i].fd, .events = POLLIN };
    return count;
}

static void obey(struct kw_sim_control *control, size_t source, const char *line)
{
    struct kw_buffer answer;
    struct kw_error error;
    kw_buffer_init(&answer, ANSWER_MOST);
    int code = control->folder ? kw_sim_folder_order(control->folder, line, &answer, &error)
                               : kw_sim_order(control->sim, line, &answer, &error);
    if (code < 0) {
        kw_buffer_clear(&answer);
        kw_buffer_format(&answer, "error: %s", error.text);
    }
    if (source == 0) {
        control->say(control->say_data, kw_buffer_string(&answer));
    } else {
        kw_buffer_byte(&answer, '\n');
        send(control->sources[source].fd, answer.data, answer.length, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    kw_buffer_free(&answer);
}

/* Reads what is there; a line longer than it may be is cut. False: the other side has left. */
static bool read_source(struct kw_sim_control *control, size_t source)
{
    char bytes[KW_CONTROL_LINE];
    struct pollfd ready = { .fd = control->sources[source].fd, .events = POLLIN };
    if (poll(&ready, 1, 0) <= 0)
        return true;
    ssize_t count = read(control->sources[source].fd, bytes, sizeof bytes);
    if (count <= 0)
        return count < 0 && (errno == EINTR || errno == EAGAIN);
    char *line = control->sources[source].line;
    for (ssize_t i = 0; i < count; i++) {
        size_t *length = &control->sources[source].length;
        if (bytes[i] != '\n') {
            if (*length < KW_CONTROL_LINE - 1 && bytes[i] != '\r' && bytes[i] != 0)
                line[(*length)++] = bytes[i];
            continue;
        }
        line[*length] = 0;
        if (*length > 0)
            obey(control, source, line);
        *length = 0;
    }
    return true;
}

static void take_caller(struct kw_sim_control *control)
{
    int caller = accept4(control->listener, NULL, NULL, SOCK_CLOEXEC);
    for (size_t i = 1; caller >= 0 && i <= KW_CONTROL_CLIENTS; i++) {
        if (control->sources[i].fd >= 0)
            continue;
        control->sources[i].fd = caller;
        control->sources[i].length = 0;
        return;
    }
    if (caller >= 0)
        close(caller);
}

void kw_sim_control_run(struct kw_sim_control *control)
{
    if (control->listener >= 0)
        take_caller(control);
    for (size_t i = 0; i <= KW_CONTROL_CLIENTS; i++) {
        if (control->sources[i].fd < 0 || read_source(control, i))
            continue;
        if (i > 0)
            close(control->sources[i].fd);
        control->sources[i].fd = -1;
    }
}
