/* test_simulator_control.c - orders to a running simulated printer: lines on a descriptor and on a socket. */
#include "simulator/doors/serve.h"
#include "support/machine.h"
#include "support/place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

static struct machine machine;
static struct kw_sim_control control;
static struct kw_error error;
static char path[100], said[2000];

static void say(void *data, const char *line)
{
    (void)data;
    snprintf(said + strlen(said), sizeof said - strlen(said), "%s\n", line);
}

static int begin(void **state)
{
    (void)state;
    said[0] = 0;
    snprintf(path, sizeof path, "%s/control", place);
    machine_begin(&machine);
    control = (struct kw_sim_control){ .sim = machine.sim, .say = say };
    return 0;
}

static int end(void **state)
{
    (void)state;
    kw_sim_control_close(&control);
    machine_free(&machine);
    return 0;
}

static int connect_to(const char *name)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int caller = socket(AF_UNIX, SOCK_STREAM, 0);
    memcpy(address.sun_path, name, strlen(name) + 1);
    assert_int_equal(connect(caller, (struct sockaddr *)&address, sizeof address), 0);
    return caller;
}

/* Sends a text as it stands, lets it be obeyed, and returns what came back. */
static const char *call(int caller, const char *text)
{
    static char answer[2000];
    assert_int_equal(send(caller, text, strlen(text), MSG_NOSIGNAL), strlen(text));
    for (int i = 0; i < 3; i++)
        kw_sim_control_run(&control);
    ssize_t length = recv(caller, answer, sizeof answer - 1, MSG_DONTWAIT);
    answer[length > 0 ? length : 0] = 0;
    return answer;
}

static void a_line_is_obeyed_and_answered(void **state)
{
    (void)state;
    assert_int_equal(kw_sim_control_open(&control, path, -1, &error), 0);
    int caller = connect_to(path);
    assert_string_equal(call(caller, "cover open\n"), "offline, cover open; 0 bytes read, 0 waiting, 0 cuts, 0.0 mm\n");
    assert_string_equal(call(caller, "cover "), "");
    assert_string_equal(call(caller, "close\r\n"), "online; 0 bytes read, 0 waiting, 0 cuts, 0.0 mm\n");
    assert_non_null(strstr(call(caller, "dance\n"), "error: \"dance\" is no order; there are: cover open"));
    assert_string_equal(call(caller, "\n"), "");
    close(caller);
}

static void callers_come_and_go_and_one_too_many_is_turned_away(void **state)
{
    (void)state;
    struct pollfd fds[KW_CONTROL_CLIENTS + 2];
    int callers[KW_CONTROL_CLIENTS + 1];
    assert_int_equal(kw_sim_control_open(&control, path, -1, &error), 0);
    assert_int_equal(kw_sim_control_fds(&control, fds), 1);
    for (int i = 0; i <= KW_CONTROL_CLIENTS; i++) {
        callers[i] = connect_to(path);
        kw_sim_control_run(&control);
    }
    assert_int_equal(kw_sim_control_fds(&control, fds), 1 + KW_CONTROL_CLIENTS);
    assert_int_equal(recv(callers[KW_CONTROL_CLIENTS], said, 1, 0), 0);
    close(callers[0]);
    kw_sim_control_run(&control);
    assert_int_equal(kw_sim_control_fds(&control, fds), KW_CONTROL_CLIENTS);
    assert_int_not_equal(call(callers[1], "status\n")[0], 0);
    for (int i = 1; i <= KW_CONTROL_CLIENTS; i++)
        close(callers[i]);
}

static void the_socket_is_this_user_s_alone_and_goes_with_it(void **state)
{
    (void)state;
    struct stat facts;
    assert_int_equal(kw_sim_control_open(&control, path, -1, &error), 0);
    assert_int_equal(stat(path, &facts), 0);
    assert_true(S_ISSOCK(facts.st_mode));
    assert_int_equal(facts.st_mode & 0077, 0);
    close(control.listener);                                /* killed: the socket stays, and is made anew */
    control.listener = -1;
    assert_int_equal(kw_sim_control_open(&control, path, -1, &error), 0);
    close(connect_to(path));
    kw_sim_control_close(&control);
    assert_int_equal(stat(path, &facts), -1);
}

static void what_is_no_socket_is_not_replaced(void **state)
{
    (void)state;
    char long_path[300];
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
    assert_int_equal(kw_sim_control_open(&control, path, -1, &error), KWIT_E_IO);
    assert_non_null(strstr(error.text, "cannot make the control socket"));
    assert_int_equal(access(path, F_OK), 0);
    unlink(path);
    memset(long_path, 'x', sizeof long_path - 1);
    long_path[sizeof long_path - 1] = 0;
    assert_int_equal(kw_sim_control_open(&control, long_path, -1, &error), KWIT_E_USAGE);
}

static void lines_of_a_descriptor_are_answered_through_the_caller(void **state)
{
    (void)state;
    struct pollfd fds[KW_CONTROL_CLIENTS + 2];
    char order[KW_CONTROL_LINE * 3];
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(kw_sim_control_open(&control, NULL, ends[0], &error), 0);
    kw_sim_control_run(&control);                           /* nothing has come: it does not wait */
    memset(order, ' ', sizeof order);
    memcpy(order, "paper out", 9);
    order[sizeof order - 1] = '\n';                         /* cut to what a line may have, and obeyed all the same */
    assert_int_equal(write(ends[1], order, sizeof order), sizeof order);
    for (int i = 0; i < 4; i++)
        kw_sim_control_run(&control);
    assert_string_equal(said, "offline, paper out, paper near its end; 0 bytes read, 0 waiting, 0 cuts, 0.0 mm\n");
    close(ends[1]);
    kw_sim_control_run(&control);
    assert_int_equal(kw_sim_control_fds(&control, fds), 0);
    close(ends[0]);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_line_is_obeyed_and_answered),
        CASE(callers_come_and_go_and_one_too_many_is_turned_away),
        CASE(the_socket_is_this_user_s_alone_and_goes_with_it),
        CASE(what_is_no_socket_is_not_replaced),
        CASE(lines_of_a_descriptor_are_answered_through_the_caller),
    };
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
