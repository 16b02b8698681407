/* test_devices.c - kwit devices: what is plugged in, whether it may be used, and if not, why and what mends it. */
#include "api/setup/devices.h"
#include "support/skip.h"
#include "usb/bench.h"

#include <kwit/kwit.h>
#include <kwit/tool.h>

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#include <grp.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static kwit_result *result;

static void list(void)
{
    const struct kwit_settings settings = { 0 };
    kwit_context *context;
    assert_int_equal(kwit_context_new(&settings, &context), 0);
    kwit_result_free(result);
    assert_int_equal(kwit_devices_list(context, &result), 0);
    assert_int_equal(kwit_result_exit(result), 0);
    kwit_context_free(context);
    json_t *json = json_loads(kwit_result_json(result), JSON_REJECT_DUPLICATES, NULL);
    assert_true(json_is_array(json_object_get(json, "devices")));
    json_decref(json);
}

static void expect(const char *json, const char *text)
{
    if (!strstr(kwit_result_json(result), json))
        fail_msg("no %s in %s", json, kwit_result_json(result));
    if (text && !strstr(kwit_result_text(result), text))
        fail_msg("no \"%s\" in:\n%s", text, kwit_result_text(result));
}

static void without_a_printer_the_list_is_empty(void **state)
{
    (void)state;
    list();
    expect("\"devices\":[]", "no receipt printer is plugged in");
}

static void a_printer_is_listed_with_all_that_a_configuration_needs(void **state)
{
    (void)state;
    list();
    expect("\"uri\":\"usb:04b8:0e15?serial=J4HF012345\"", "usb:04b8:0e15?serial=J4HF012345\n");
    expect("\"identity\":\"usb-04b8-0e15-J4HF012345\"", "serial J4HF012345, port 1-1, 12 Mbit/s, both ways");
    expect("\"profile\":\"tm-t20ii\",\"match\":\"id\",\"port\":\"1-1\"", "(profile tm-t20ii)");
    expect("\"device_id\":\"" ID_TEXT "\",\"class\":\"printer\",\"bidirectional\":true,\"speed_mbit\":12", NULL);
    expect("\"autosuspend\":true,\"access\":true,\"mend\":null,\"driver\":\"usblp\",\"held_by\":null", NULL);
    expect("\"obstacle\":null", NULL);
    assert_null(strstr(kwit_result_text(result), "no access"));
}

static void a_printer_of_another_language_cannot_be_used(void **state)
{
    (void)state;
    uint8_t star[DESCRIPTORS_SIZE];
    struct bed_device device = plain;
    memcpy(star, plain_descriptors, sizeof star);
    memcpy(star + 8, (const uint8_t[]){ 0x19, 0x05, 0x19, 0x00 }, 4);         /* mC-Label3 */
    device.descriptors = star;
    bed_plug(bed, &device);
    list();
    expect("\"obstacle\":\"no_escpos\"", "cannot be used: it speaks no ESC/POS");
}

static void a_device_that_shows_no_printer_cannot_be_used(void **state)
{
    (void)state;
    uint8_t modem[DESCRIPTORS_SIZE];
    struct bed_device device = plain;
    memcpy(modem, plain_descriptors, sizeof modem);
    modem[32] = 2;
    device.descriptors = modem;
    bed_plug(bed, &device);
    list();
    expect("\"obstacle\":\"no_interface\"", "cannot be used: it shows no interface that prints");
}

static void a_holder_of_another_user_is_told_of(void **state)
{
    (void)state;
    struct bed_device device = plain;
    device.driver = "usbfs";
    device.serial = NULL;
    bed_plug(bed, &device);
    list();
    expect("\"driver\":\"usbfs\"", "held by a process of another user");
    expect("\"serial\":\"\"", "serial none");
}

static void a_node_of_root_alone_asks_for_the_rules(void **state)
{
    (void)state;
    if (geteuid() == 0)
        SKIP("root may open every node");
    bed_chmod(bed, "1-1", 0400);
    list();
    expect("\"access\":false,\"mend\":\"sudo udevadm control --reload", "no access: only root may use");
    bed_chmod(bed, "1-1", 0666);
}

/* ---- rights of a node -------------------------------------------------------------------------------------- */

static struct kw_access refusal;

static bool refused(const char *path, mode_t mode)
{
    assert_int_equal(chmod(path, mode), 0);
    return kw_devices_refused(path, &refusal);
}

static void a_node_that_is_not_here_is_a_container_s(void **state)
{
    (void)state;
    assert_true(kw_devices_refused("/dev/bus/usb/099/099", &refusal));
    assert_non_null(strstr(refusal.text, "is not here, as in a container"));
    assert_non_null(strstr(refusal.mend, "docker run -v /dev/bus/usb"));
}

static void a_node_of_a_group_names_the_group(void **state)
{
    (void)state;
    char path[] = "/tmp/kwit-node-XXXXXX";
    int file = mkstemp(path);
    const struct group *own = getgrgid(getegid());
    assert_true(file >= 0);
    close(file);
    if (geteuid() == 0 || getegid() == 0 || !own) {
        unlink(path);
        SKIP("needs an ordinary user with a group of his own");
    }
    assert_false(refused(path, 0660));
    assert_true(refused(path, 0060));
    assert_string_equal(refusal.group, own->gr_name);
    assert_non_null(strstr(refusal.text, "may not be opened although"));
    assert_non_null(strstr(refusal.mend, "ls -l "));
    assert_true(refused(path, 0040));                       /* a group that may only read is no mend */
    assert_non_null(strstr(refusal.text, "only root may use"));
    unlink(path);
}

static int forget_result(void **state)
{
    (void)state;
    kwit_result_free(result);
    return 0;
}

int main(int argc, char **argv)
{
    (void)argc;
    bench_enter(argv);
    const struct CMUnitTest tests[] = {
        WITHOUT(without_a_printer_the_list_is_empty),
        WITH_PRINTER(a_printer_is_listed_with_all_that_a_configuration_needs),
        WITHOUT(a_printer_of_another_language_cannot_be_used),
        WITHOUT(a_device_that_shows_no_printer_cannot_be_used),
        WITHOUT(a_holder_of_another_user_is_told_of),
        WITH_PRINTER(a_node_of_root_alone_asks_for_the_rules),
        cmocka_unit_test(a_node_that_is_not_here_is_a_container_s),
        cmocka_unit_test(a_node_of_a_group_names_the_group),
    };
    return cmocka_run_group_tests(tests, NULL, forget_result);
}
