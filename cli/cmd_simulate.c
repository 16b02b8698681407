/* cmd_simulate.c - kwit simulate: a printer on this machine, for programs that have none. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { INPUT_LIMIT = 1024 * 1024 * 1024 };

/* "tcp:HOST:PORT" and "tcp://HOST:PORT". */
static const char *tcp_place(const char *listen)
{
    if (strncmp(listen, "tcp:", 4) != 0)
        return NULL;
    return strncmp(listen, "tcp://", 6) == 0 ? listen + 6 : listen + 4;
}

int cmd_simulate(kwit_context *context, int argc, char **argv)
{
    struct kwit_simulate_options options = { .go_on = cli_go_on, .say = cli_say };
    struct cli_list faults = { .count = 0 };
    const char *listen = NULL, *input = NULL;
    int64_t lockout_ms = 0;
    bool pty = false, vhci = false, json = false, no_drawer = false;
    const struct cli_option table[] = {
        { "--listen", CLI_TEXT, &listen, "tcp:HOST:PORT", "be a network printer; port 0 takes any" },
        { "--pty", CLI_FLAG, &pty, NULL, "be a serial printer on a pseudo-terminal" },
        { "--usbip", CLI_TEXT, &options.usbip, "HOST:PORT", "be a USB device for any machine's usbip attach" },
        { "--vhci", CLI_FLAG, &vhci, NULL, "be plugged into this kernel (root, vhci_hcd)" },
        { "--usb", CLI_TEXT, &options.usb, "SPEC",
          "commas: id=VVVV:PPPP serial= maker= model= 1284= class=vendor in=81 out=3 beside=hid|ipp" },
        { "--input", CLI_TEXT, &input, "FILE|-", "print these bytes and end" },
        { "--out", CLI_TEXT, &options.folder, "DIR", "where 0001.png, 0001.txt, … and events.jsonl go" },
        { "--profile", CLI_TEXT, &options.profile, "P", "which printer to be; else a tm-t20iii that obeys FS C too" },
        { "--peer", CLI_TEXT, &options.peer, "WORD",
          "echo, barrier, status, one-way, slow, pushing; http, loop, …: a bad one or none" },
        { "--speed", CLI_TEXT, &options.speed, "real|fast|MM", "how fast paper moves: fast takes no time" },
        { "--fault", CLI_LIST, &faults, "SPEC", "paper-out@mm=120, cover@byte=900,for=2s, late=3s, mute, …" },
        { "--scenario", CLI_TEXT, &options.scenario, "OUTCOME", "how the next job ends: printed, sent, queued, …" },
        { "--roll", CLI_TEXT, &options.roll, "M", "how much paper there is: 80 metres, or 300mm" },
        { "--no-drawer", CLI_FLAG, &no_drawer, NULL, "nothing is plugged into the drawer socket" },
        { "--lockout", CLI_SECONDS, &lockout_ms, "S", "refuse a second connection, and any for S after one" },
        { "--control", CLI_TEXT, &options.control, "SOCKET", "take orders on this socket, as on standard input" },
        { "--json", CLI_FLAG, &json, NULL, "one JSON line at the end" },
        { NULL, CLI_FLAG, NULL, NULL, NULL }
    };
    int status, count = cli_options("simulate", table, argc, argv, &status);
    if (count < 0)
        return status;
    if (count > 0)
        return cli_usage_error(json, "simulate takes options only; the bytes to print go with --input");
    if (listen && !(options.tcp = tcp_place(listen)))
        return cli_usage_error(json, "--listen %s: write tcp:HOST:PORT, for example tcp:127.0.0.1:9100", listen);
    char *bytes = NULL;
    if (input) {
        status = cli_read(input, INPUT_LIMIT, json, &bytes, &options.input_length);
        if (status != 0)
            return status;
        options.input = bytes;
    }
    options.faults = faults.items;
    options.fault_count = faults.count;
    options.pty = pty;
    options.vhci = vhci;
    options.no_drawer = no_drawer;
    options.lockout_ms = (int)lockout_ms;
    options.orders = !input;
    cli_end_by_signal();
    kwit_result *result;
    kwit_simulate(context, &options, &result);
    free(bytes);
    return cli_finish(result, json);
}
