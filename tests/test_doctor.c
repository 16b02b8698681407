/* test_doctor.c - kwit doctor in each broken state: one finding, its mend, and the right exit status. */
#include "support/place.h"
#include "support/skip.h"
#include "usb/bench.h"

#include <kwit/kwit.h>
#include <kwit/tool.h>

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

static kwit_result *result;

static void write_file(const char *name, const char *text)
{
    char path[100];
    snprintf(path, sizeof path, "%s/%s", place, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* A copy: who runs the test may not come to the tree by its name, where it lies in somebody else's home. */
static void copy_program(const char *from, const char *to)
{
    char bytes[8192];
    FILE *file = fopen(from, "r");
    assert_non_null(file);
    size_t length = fread(bytes, 1, sizeof bytes, file);
    assert_true(length < sizeof bytes && fclose(file) == 0);
    int copy = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
    assert_int_equal(write(copy, bytes, length), length);
    assert_int_equal(close(copy), 0);
}

/* Places the programs that a mend may name before those of the machine: they take their arguments and do nothing. */
static void stage_programs(void)
{
    static const char *const names[] = { "sudo", "kwit", "lpadmin", "lpstat", "mount", "newgrp", "tee", "timedatectl",
                                         "udevadm", "usbip", "usermod", "kwit-admit" };
    char folder[100], path[200];
    snprintf(folder, sizeof folder, "%s/bin", place);
    if (mkdir(folder, 0700) != 0)
        assert_int_equal(access(folder, X_OK), 0);
    snprintf(path, sizeof path, "%s/dry", folder);
    copy_program("tests/support/dry.sh", path);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        if (access(path, X_OK) != 0)
            assert_int_equal(symlink("dry", path), 0);
    }
    snprintf(path, sizeof path, "%s:/usr/sbin:/usr/bin:/sbin:/bin", folder);
    setenv("PATH", path, 1);
}

/* Every mend that is said to be a command runs as it stands; whatever else is to be done names no program alone. */
static void run_mends(const json_t *findings)
{
    size_t i;
    const json_t *finding;
    stage_programs();
    json_array_foreach(findings, i, finding) {
        const char *mend = json_string_value(json_object_get(finding, "mend"));
        bool runs = json_is_true(json_object_get(finding, "runs"));
        assert_true(mend || !runs);
        if (runs && system(mend) != 0)
            fail_msg("this mend does not run: %s", mend);
        if (mend && !runs && (strncmp(mend, "sudo ", 5) == 0 || strncmp(mend, "kwit ", 5) == 0))
            fail_msg("this mend could be run, and is not said so: %s", mend);
    }
}

/* Examines with a configuration, and runs what would mend it; returns the exit status. */
static int examine(const char *printer_name, const char *configuration)
{
    char config[100], store[100];
    kwit_context *context;
    write_file("kwit.conf", configuration);
    snprintf(config, sizeof config, "%s/kwit.conf", place);
    snprintf(store, sizeof store, "%s/state", place);
    mkdir(store, 0700);
    const struct kwit_settings settings = { .config_file = config, .state_dir = store };
    assert_int_equal(kwit_context_new(&settings, &context), 0);
    kwit_result_free(result);
    kwit_doctor_run(context, printer_name, &result);
    kwit_context_free(context);
    json_t *json = json_loads(kwit_result_json(result), JSON_REJECT_DUPLICATES, NULL);
    assert_true(json_is_array(json_object_get(json, "findings")));
    run_mends(json_object_get(json, "findings"));
    json_decref(json);
    return kwit_result_exit(result);
}

static void expect(const char *check, const char *level)
{
    char wanted[100];
    snprintf(wanted, sizeof wanted, "\"check\":\"%s\",\"level\":\"%s\"", check, level);
    if (!strstr(kwit_result_json(result), wanted))
        fail_msg("no finding %s %s in:\n%s", check, level, kwit_result_text(result));
}

static void expect_text(const char *text)
{
    if (!strstr(kwit_result_text(result), text))
        fail_msg("no \"%s\" in:\n%s", text, kwit_result_text(result));
}

static void expect_calm(void)
{
    if (strstr(kwit_result_json(result), "\"level\":\"bad\""))
        fail_msg("something is bad:\n%s", kwit_result_text(result));
}

static void a_printer_in_order_is_good(void **state)
{
    (void)state;
    int status = examine(NULL, "");
    expect_calm();
    assert_int_equal(status, 0);
    expect("printer", "good");
    expect_text("a sale would print on usb:");
    assert_non_null(strstr(kwit_result_json(result), "\"ok\":true"));
    assert_non_null(strstr(kwit_result_json(result), "\"profile\":\"tm-t20ii\""));
    assert_string_equal(printer->driver, "usblp");
}

static void no_printer_is_said(void **state)
{
    (void)state;
    assert_int_equal(examine(NULL, ""), 69);
    expect("device", "bad");
    expect_text("do: switch it on");
}

static void a_node_of_root_alone_asks_for_the_rules(void **state)
{
    (void)state;
    if (geteuid() == 0)
        SKIP("root may open every node");
    bed_chmod(bed, "1-1", 0);
    assert_int_equal(examine(NULL, ""), 77);
    expect("access", "bad");
    bed_chmod(bed, "1-1", 0666);
}

static void several_printers_are_named(void **state)
{
    (void)state;
    struct bed_device other = plain;
    other.port = "1-2";
    other.serial = "J4HF054321";
    bed_plug(bed, &other);
    assert_int_equal(examine(NULL, ""), 69);
    expect("several_devices", "bad");
    expect_text("serial=J4HF012345");
    expect_text("serial=J4HF054321");
    assert_int_equal(examine("usb:?serial=J4HF054321", ""), 0);
}

static void another_holder_is_told(void **state)
{
    (void)state;
    struct bed_device held = plain;
    held.driver = "usbfs";
    bed_plug(bed, &held);
    assert_int_equal(examine(NULL, ""), 69);
    expect("held", "bad");
}

static void a_printer_given_away_by_usbip_is_told_with_its_port(void **state)
{
    (void)state;
    struct bed_device given = plain;
    given.driver = "";
    given.device_driver = "usbip-host";
    bed_plug(bed, &given);
    assert_int_equal(examine(NULL, ""), 69);
    expect("held", "bad");
    expect_text("mend: sudo usbip unbind -b 1-1\n");
    assert_null(strstr(kwit_result_json(result), "\"check\":\"open\""));
}

static void a_machine_without_sys_is_told(void **state)
{
    (void)state;
    assert_int_equal(examine(NULL, ""), 0);
    assert_null(strstr(kwit_result_json(result), "\"check\":\"sysfs\""));
    bed_lose_sys(bed);
    examine(NULL, "");
    expect("sysfs", "note");
    expect_text("mend: sudo mount -t sysfs sysfs /sys\n");
}

/* A CUPS that has one queue, and says so to whoever asks. */
static void *serve_queue(void *data)
{
    static const char answer[] =
        "HTTP/1.0 200 OK\r\nContent-Type: application/ipp\r\n\r\n"
        "\x01\x01\x00\x00\x00\x00\x00\x01\x01" "\x47\x00\x12" "attributes-charset" "\x00\x05" "utf-8"
        "\x04\x45\x00\x0a" "device-uri" "\x00\x26" "usb://EPSON/TM-T20II?serial=J4HF012345"
        "\x42\x00\x0c" "printer-name" "\x00\x04" "Till" "\x03";
    char question[1000];
    int fd = accept(*(int *)data, NULL, NULL);
    if (recv(fd, question, sizeof question, 0) > 0)
        (void)!write(fd, answer, sizeof answer - 1);
    close(fd);
    return NULL;
}

static int examine_beside_cups(void)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    pthread_t cups;
    snprintf(address.sun_path, sizeof address.sun_path, "%s/cups.sock", place);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(pthread_create(&cups, NULL, serve_queue, &fd), 0);
    setenv("CUPS_SERVER", address.sun_path, 1);
    int status = examine(NULL, "");
    unsetenv("CUPS_SERVER");
    pthread_join(cups, NULL);
    close(fd);
    unlink(address.sun_path);
    return status;
}

static void an_idle_queue_of_cups_is_told_with_its_name(void **state)
{
    (void)state;
    assert_int_equal(examine_beside_cups(), 0);
    expect("cups_queue", "note");
    expect_text("sudo lpadmin -x 'Till'");
}

static void who_holds_it_unseen_is_judged_by_the_queue(void **state)
{
    (void)state;
    struct bed_device held = plain;
    held.driver = "usbfs";
    bed_plug(bed, &held);
    assert_int_equal(examine_beside_cups(), 69);
    expect("held", "bad");
    expect_text("a process of another user holds the printer, and CUPS has a queue on it");
    expect_text("lpstat -o");
}

static void a_device_without_a_printing_interface_is_explained(void **state)
{
    (void)state;
    uint8_t modem[sizeof plain_descriptors];
    struct bed_device device = plain;
    memcpy(modem, plain_descriptors, sizeof modem);
    modem[32] = 2;
    device.descriptors = modem;
    bed_plug(bed, &device);
    assert_int_equal(examine(NULL, ""), 69);
    expect("endpoint", "bad");
}

static void a_printer_of_another_language_is_explained(void **state)
{
    (void)state;
    uint8_t other[sizeof plain_descriptors];
    struct bed_device device = plain;
    memcpy(other, plain_descriptors, sizeof other);
    memcpy(other + 8, (const uint8_t[]){ 0xb8, 0x23, 0x05, 0x00 }, 4);
    device.descriptors = other;
    bed_plug(bed, &device);
    assert_int_equal(examine(NULL, ""), 69);
    expect("language", "bad");
}

static void paper_and_cover_are_told_apart(void **state)
{
    (void)state;
    printer->answers[1] = 0x1a;
    printer->answers[2] = 0x32;
    printer->answers[4] = 0x72;
    assert_int_equal(examine(NULL, ""), 69);
    expect("paper", "bad");
    printer->answers[2] = 0x36;
    assert_int_equal(examine(NULL, ""), 69);
    expect("cover", "bad");
    memset(printer->answers, 0, sizeof printer->answers);
    printer->answers[4] = 0x1e;
    assert_int_equal(examine(NULL, ""), 0);
    expect("near_end", "note");
}

static void a_printer_in_error_is_told(void **state)
{
    (void)state;
    printer->answers[1] = 0x1a;
    printer->answers[2] = 0x52;
    printer->answers[3] = 0x1a;
    assert_int_equal(examine(NULL, ""), 69);
    expect("printer", "bad");
    expect_text("cutter");
}

static void a_silent_model_that_should_answer_is_bad(void **state)
{
    (void)state;
    printer->mute = true;
    assert_int_equal(examine(NULL, ""), 69);
    expect("silent", "bad");
}

static void the_bus_tells_of_paper_when_the_printer_is_silent(void **state)
{
    (void)state;
    printer->mute = true;
    printer->port_status = 0x38;
    assert_int_equal(examine(NULL, ""), 69);
    expect("paper", "bad");
    printer->port_status = 0x10;
    assert_int_equal(examine(NULL, ""), 69);
    expect("printer", "bad");
}

static void a_printer_that_takes_no_data_is_bad(void **state)
{
    (void)state;
    printer->accept_limit = 0;
    assert_int_equal(examine(NULL, ""), 69);
    expect("silent", "bad");
    expect_text("takes no data");
}

static void what_broke_off_once_is_asked_again(void **state)
{
    (void)state;
    printer->fault_errno = EIO;         /* as when another program resets it */
    bool told = false;
    for (printer->fault_ioctl = 0; printer->fault_ioctl < 6; printer->fault_ioctl++) {
        printer->ioctls = 0;
        assert_int_equal(examine(NULL, ""), 0);
        expect("printer", "good");
        told |= strstr(kwit_result_text(result), "the connection broke off once") != NULL;
    }
    assert_true(told);
    printer->fault_ioctl = -1;
    printer->always_stalls = true;
    assert_int_equal(examine(NULL, ""), 74);
    expect("silent", "bad");
    expect_text("refuses the data");
}

static void nonsense_is_told(void **state)
{
    (void)state;
    memset(printer->answers, 0xff, sizeof printer->answers);
    assert_int_equal(examine(NULL, ""), 69);
    expect("garbage", "bad");
}

static void a_profile_of_another_model_is_suspected(void **state)
{
    (void)state;
    printer->maker = "EPSON";
    printer->name = "TM-T88V";
    assert_int_equal(examine(NULL, "[printer]\nprofile = tm-m30\n"), 0);
    expect("profile", "note");
    expect_text("tm-t88v");
}

static void autosuspend_is_noted_with_its_file(void **state)
{
    (void)state;
    assert_int_equal(examine(NULL, ""), 0);
    expect("autosuspend", "note");
    expect_text("/sys/bus/usb/devices/1-1/power/control");
}

static void missing_rules_are_noted(void **state)
{
    (void)state;
    if (access("/usr/lib/udev/rules.d/70-kwit-receipt.rules", F_OK) == 0)
        SKIP("the rules are installed here");
    assert_int_equal(examine(NULL, ""), 0);
    expect("rules", "note");
}

static void a_fault_in_the_configuration_is_told_with_its_line(void **state)
{
    (void)state;
    assert_int_equal(examine(NULL, "[printer]\nuri = nowhere\n"), 78);
    expect("config", "bad");
    expect_text("kwit.conf:2");
    assert_int_equal(examine("kitchen", ""), 69);
    expect_text("no printer is called kitchen");
}

static void a_state_directory_that_cannot_be_written_is_told(void **state)
{
    (void)state;
    char store[100];
    if (geteuid() == 0)
        SKIP("root may write everywhere");
    snprintf(store, sizeof store, "%s/state", place);
    mkdir(store, 0700);
    chmod(store, 0500);
    int status = examine(NULL, "");
    chmod(store, 0700);
    assert_int_equal(status, 77);
    expect("state", "bad");
}

struct line { int master; const char *answer; volatile bool stop; };

/* A serial printer at another speed: what is asked arrives as noise and is answered with noise. */
static void *answer_line(void *data)
{
    struct line *line = data;
    uint8_t in[64];
    while (!line->stop) {
        /* A question is three bytes, and each is answered. */
        for (ssize_t left = read(line->master, in, sizeof in); left >= 3 && line->answer[0]; left -= 3)
            if (write(line->master, line->answer, strlen(line->answer)) < 0)
                return NULL;
        poll(&(struct pollfd){ .fd = line->master, .events = POLLIN }, 1, 50);
    }
    return NULL;
}

static void a_serial_line_of_the_wrong_speed_is_suspected(void **state)
{
    (void)state;
    const char *const answers[] = { "\xf8\x80\xf0", "", "\x12" };
    const char *const findings[] = { "garbage", "silent", "printer" }, *const levels[] = { "bad", "bad", "good" };
    for (int i = 0; i < 3; i++) {
        struct line line = { .master = posix_openpt(O_RDWR | O_NOCTTY), .answer = answers[i] };
        char uri[100];
        pthread_t thread;
        assert_true(grantpt(line.master) == 0 && unlockpt(line.master) == 0);
        snprintf(uri, sizeof uri, "serial:%s?flow=none", ptsname(line.master));
        fcntl(line.master, F_SETFL, O_NONBLOCK);
        pthread_create(&thread, NULL, answer_line, &line);
        int status = examine(uri, "");
        line.stop = true;
        pthread_join(thread, NULL);
        close(line.master);
        expect(findings[i], levels[i]);
        assert_int_equal(status, i < 2 ? 69 : 0);
    }
}

static void a_network_printer_that_is_off_is_told(void **state)
{
    (void)state;
    int64_t began = kw_clock_boot_ms();
    assert_int_equal(examine("tcp://127.0.0.1:9", ""), 69);
    expect("open", "bad");
    assert_true(kw_clock_boot_ms() - began < 60000);
    assert_int_equal(examine("file:/dev/no-such-printer", ""), 69);
    expect("open", "bad");
}

static int forget_result(void **state)
{
    kwit_result_free(result);
    return place_remove(state);
}

int main(int argc, char **argv)
{
    (void)argc;
    bench_enter(argv);
    const struct CMUnitTest tests[] = {
        WITH_PRINTER(a_printer_in_order_is_good),
        WITHOUT(no_printer_is_said),
        WITH_PRINTER(a_node_of_root_alone_asks_for_the_rules),
        WITH_PRINTER(several_printers_are_named),
        WITHOUT(another_holder_is_told),
        WITH_PRINTER(an_idle_queue_of_cups_is_told_with_its_name),
        WITHOUT(who_holds_it_unseen_is_judged_by_the_queue),
        WITHOUT(a_printer_given_away_by_usbip_is_told_with_its_port),
        WITH_PRINTER(a_machine_without_sys_is_told),
        WITHOUT(a_device_without_a_printing_interface_is_explained),
        WITHOUT(a_printer_of_another_language_is_explained),
        WITH_PRINTER(paper_and_cover_are_told_apart),
        WITH_PRINTER(a_printer_in_error_is_told),
        WITH_PRINTER(a_silent_model_that_should_answer_is_bad),
        WITH_PRINTER(the_bus_tells_of_paper_when_the_printer_is_silent),
        WITH_PRINTER(a_printer_that_takes_no_data_is_bad),
        WITH_PRINTER(what_broke_off_once_is_asked_again),
        WITH_PRINTER(nonsense_is_told),
        WITH_PRINTER(a_profile_of_another_model_is_suspected),
        WITH_PRINTER(autosuspend_is_noted_with_its_file),
        WITH_PRINTER(missing_rules_are_noted),
        WITH_PRINTER(a_fault_in_the_configuration_is_told_with_its_line),
        WITH_PRINTER(a_state_directory_that_cannot_be_written_is_told),
        WITHOUT(a_serial_line_of_the_wrong_speed_is_suspected),
        WITHOUT(a_network_printer_that_is_off_is_told),
    };
    return cmocka_run_group_tests(tests, place_make, forget_result);
}
