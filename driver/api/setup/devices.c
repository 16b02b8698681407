/* devices.c - kwit devices: the receipt printers on USB, what they are, who holds them and whether this user may. */
#include "api/setup/devices.h"

#include "api/result.h"
#include "api/usb_rows.h"
#include "profile/profile.h"

#include <kwit/tool.h>

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ARENA_CEILING = 4 * 1024 * 1024, GROUPS_MAX = 256 };

/* ---- access ------------------------------------------------------------------------------------------------ */

static bool process_is_in(gid_t group)
{
    gid_t groups[GROUPS_MAX];
    int count = getgroups(GROUPS_MAX, groups);
    for (int i = 0; i < count; i++)
        if (groups[i] == group)
            return true;
    return getegid() == group;
}

/* The user was added, but this session began before that. */
static bool user_is_in(const struct group *group, const char *user)
{
    for (char **member = group->gr_mem; *member; member++)
        if (strcmp(*member, user) == 0)
            return true;
    return false;
}

static void explain_group(const char *node, const struct group *group, struct kw_access *refusal)
{
    const struct passwd *person = getpwuid(geteuid());
    const char *user = person ? person->pw_name : "$USER";
    snprintf(refusal->group, sizeof refusal->group, "%.63s", group->gr_name);
    if (process_is_in(group->gr_gid)) {
        snprintf(refusal->text, sizeof refusal->text, "%.64s may not be opened although %.32s is in group %.63s",
                 node, user, group->gr_name);
        snprintf(refusal->mend, sizeof refusal->mend, "ls -l %.64s", node);
    } else if (user_is_in(group, user)) {
        snprintf(refusal->text, sizeof refusal->text, "%.32s is in group %.63s, but not yet in this session", user,
                 group->gr_name);
        snprintf(refusal->mend, sizeof refusal->mend, "newgrp %.63s   # or log out and in again", group->gr_name);
    } else if (group->gr_gid == 0) {
        snprintf(refusal->text, sizeof refusal->text, "only root may use %.64s: the rule that gives receipt "
                 "printers to group kwit did not see it", node);
        snprintf(refusal->mend, sizeof refusal->mend, "sudo udevadm control --reload && sudo udevadm trigger "
                 "--subsystem-match=usb   # where that changes nothing, install kwit's rules");
    } else {
        snprintf(refusal->text, sizeof refusal->text, "only members of group %.63s may use %.64s, and %.32s is none",
                 group->gr_name, node, user);
        if (getgrnam("kwit"))       /* which the rules let as well */
            snprintf(refusal->mend, sizeof refusal->mend, "sudo kwit-admit %.32s", user);
        else
            snprintf(refusal->mend, sizeof refusal->mend, "sudo usermod -aG %.63s %.32s   # then log out and in again",
                     refusal->group, user);
    }
}

bool kw_devices_refused(const char *node, struct kw_access *refusal)
{
    struct stat status;
    memset(refusal, 0, sizeof *refusal);
    if (access(node, R_OK | W_OK) == 0)
        return false;
    refusal->runs = true;
    if (stat(node, &status) != 0) {
        snprintf(refusal->text, sizeof refusal->text, "its device node %.64s is not here, as in a container that was "
                 "not given it", node);
        snprintf(refusal->mend, sizeof refusal->mend,
                 "start it anew: docker run -v /dev/bus/usb:/dev/bus/usb --device-cgroup-rule='c 189:* rmw' …");
        refusal->runs = false;
        return true;
    }
    const struct group *group = getgrgid(status.st_gid);
    if (group && status.st_gid != 0 && (status.st_mode & 0060) == 0060) {
        explain_group(node, group, refusal);
        return true;
    }
    snprintf(refusal->text, sizeof refusal->text, "only root may use %.64s: the udev rules of kwit are not in force",
             node);
    snprintf(refusal->mend, sizeof refusal->mend, "sudo udevadm control --reload && sudo udevadm trigger "
             "--subsystem-match=usb   # after make install");
    return true;
}

/* ---- the list ---------------------------------------------------------------------------------------------- */

static const char *const match_words[] = {
    [KW_MATCH_NONE] = "none", [KW_MATCH_CLASS] = "class", [KW_MATCH_SHARED_ID] = "shared_id", [KW_MATCH_ID] = "id"
};
static const char *const obstacle_words[] = {
    [KW_USB_USABLE] = NULL, [KW_USB_NO_INTERFACE] = "no_interface", [KW_USB_NO_ESCPOS] = "no_escpos"
};

struct shown {
    const struct kw_usb_device *device;
    const struct kw_profile *profile;
    enum kw_match match;
    bool refused;
    struct kw_access access;
};

static void look_at(const struct kw_usb_device *device, struct shown *shown)
{
    shown->device = device;
    shown->profile = kw_profile_for_usb(device->vendor, device->product, device->device_id, &shown->match);
    shown->refused = kw_devices_refused(device->node, &shown->access);
}

static const char *title_of(const struct kw_usb_device *device)
{
    const struct kw_usb_row *row = kw_usb_row_find(device->vendor, device->product);
    if (row && row->product)
        return row->title;
    return device->model[0] ? device->model : "printer";
}

static void write_json(struct kw_json *json, const struct shown *shown)
{
    const struct kw_usb_device *device = shown->device;
    kw_json_object(json, NULL);
    kw_json_string(json, "uri", device->uri);
    kw_json_string(json, "identity", device->identity);
    kw_json_string(json, "title", title_of(device));
    kw_json_string(json, "manufacturer", device->manufacturer);
    kw_json_string(json, "model", device->model);
    kw_json_string(json, "serial", device->serial);
    kw_json_string(json, "profile", shown->profile ? kw_profile_name(shown->profile) : NULL);
    kw_json_string(json, "match", match_words[shown->match]);
    kw_json_string(json, "port", device->port);
    kw_json_string(json, "node", device->node);
    kw_json_string(json, "lp_node", device->lp_node[0] ? device->lp_node : NULL);
    kw_json_string(json, "device_id", device->device_id);
    kw_json_string(json, "class", device->interface_class == 7 ? "printer" : "vendor");
    kw_json_bool(json, "bidirectional", device->bidirectional);
    kw_json_integer(json, "speed_mbit", device->speed_mbit);
    kw_json_bool(json, "autosuspend", device->autosuspend);
    kw_json_bool(json, "access", !shown->refused);
    kw_json_string(json, "mend", shown->refused ? shown->access.mend : NULL);
    kw_json_string(json, "driver", device->driver[0] ? device->driver : NULL);
    kw_json_string(json, "held_by", device->holder[0] ? device->holder : NULL);
    kw_json_string(json, "obstacle", obstacle_words[device->obstacle]);
    kw_json_end_object(json);
}

static void write_text(struct kw_buffer *text, const struct shown *shown)
{
    const struct kw_usb_device *device = shown->device;
    kw_buffer_format(text, "%s\n    %s", device->uri, title_of(device));
    if (shown->profile && shown->match >= KW_MATCH_SHARED_ID)
        kw_buffer_format(text, " (profile %s)", kw_profile_name(shown->profile));
    kw_buffer_format(text, ", serial %s, port %s, %d Mbit/s, %s\n", device->serial[0] ? device->serial : "none",
                     device->port, device->speed_mbit, device->bidirectional ? "both ways" : "one way");
    if (device->obstacle == KW_USB_NO_ESCPOS)
        kw_buffer_text(text, "    cannot be used: it speaks no ESC/POS\n");
    if (device->obstacle == KW_USB_NO_INTERFACE)
        kw_buffer_text(text, "    cannot be used: it shows no interface that prints\n");
    if (device->holder[0])
        kw_buffer_format(text, "    held by %s\n", device->holder);
    else if (strcmp(device->driver, "usbfs") == 0)
        kw_buffer_text(text, "    held by a process of another user\n");
    if (shown->refused)
        kw_buffer_format(text, "    no access: %s\n    %s: %s\n", shown->access.text,
                         shown->access.runs ? "mend" : "do", shown->access.mend);
}

static void write_devices(kwit_result *result, const struct kw_usb_device *devices, size_t count)
{
    struct kw_json json;
    kw_json_init(&json, &result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_array(&json, "devices");
    for (size_t i = 0; i < count; i++) {
        struct shown shown;
        look_at(&devices[i], &shown);
        write_json(&json, &shown);
        write_text(&result->text, &shown);
    }
    kw_json_end_array(&json);
    kw_json_end_object(&json);
    if (count == 0)
        kw_buffer_text(&result->text, "no receipt printer is plugged in\n");
}

int kwit_devices_list(kwit_context *context, kwit_result **result)
{
    struct kw_arena *arena = kw_arena_new(ARENA_CEILING);
    struct kw_link_options options = kw_link_options_for(context);
    struct kw_usb_device *devices;
    struct kw_error error = { .code = KWIT_E_NO_MEMORY, .text = "out of memory" };
    size_t count;
    *result = kw_result_new();
    int code = arena ? kw_usb_list(arena, &options, &devices, &count, &error) : KWIT_E_NO_MEMORY;
    if (code == 0) {
        write_devices(*result, devices, count);
        kw_result_finish(*result, 0);
    } else {
        kw_result_fail(*result, &error);
    }
    kw_arena_free(arena);
    return code;
}
