/*
 * generate.c - writes the udev rules or the hardware database from the rows of known USB ids.
 *
 * usage: generate rules|hwdb. Rights depend on the rules alone, so that they hold also where nobody has rebuilt the
 * binary hardware database; that one adds names.
 */
#include "profile/profile.h"

#include <stdio.h>
#include <string.h>

static void write_head(const char *what)
{
    printf("# %s of receipt printers, generated from kwit's rows of USB ids; do not edit.\n"
           "# kwit-rules %08x\n\n", what, kw_usb_rows_digest());
}

/* Behind an adapter, among all that a vendor makes, or beside label printers of one id: no rule touches those. */
static bool is_receipt_printer(const struct kw_usb_row *row)
{
    return row->product != 0 && !(row->quirks & (KW_QUIRK_ADAPTER | KW_QUIRK_NAMED));
}

/* An id alone is not enough: the same chips are sold as modems and disks, so an interface must print as well. */
static void write_match(const struct kw_usb_row *row)
{
    if (row->quirks & KW_QUIRK_VENDOR_CLASS)
        printf("ENV{ID_USB_INTERFACES}==\"*:0701??:*|*:ff????:*\", ");
    else
        printf("ENV{ID_USB_INTERFACES}==\"*:0701??:*\", ");
    printf("ATTR{idVendor}==\"%04x\", ATTR{idProduct}==\"%04x\", ", row->vendor, row->product);
}

static void write_row(const struct kw_usb_row *row)
{
    write_match(row);
    printf("ENV{KWIT_RECEIPT}=\"1\"");
    if (row->quirks & KW_QUIRK_SHARED_SERIAL)
        printf(", ENV{KWIT_SERIAL}=\"shared\"");
    if (row->quirks & KW_QUIRK_NO_AUTOSUSPEND)
        printf(", ENV{KWIT_POWER}=\"on\"");
    printf("\n");
}

/* What usblp has read of an interface: it speaks ESC/POS, and no language of label printers. */
#define SPEAKS(key) key "==\"*ESC/POS*|*ESCPOS*\", " key "!=\"*TSPL*|*ZPL*|*CPCL*|*EPL*\""

/* An interface that usblp has just taken tells the 1284 id; its device is looked at once more then. */
static const char rules_begin[] =
    "ACTION==\"remove\", GOTO=\"kwit_end\"\n"
    "SUBSYSTEM==\"usbmisc\", KERNEL==\"lp[0-9]*\", SUBSYSTEMS==\"usb\", GOTO=\"kwit_lp\"\n"
    "SUBSYSTEM!=\"usb\", GOTO=\"kwit_end\"\n"
    "ENV{DEVTYPE}==\"usb_interface\", IMPORT{parent}=\"KWIT_*\"\n"
    "ENV{DEVTYPE}==\"usb_interface\", ACTION==\"bind\", ENV{KWIT_RECEIPT}!=\"1\", " SPEAKS("ATTR{ieee1284_id}") ", "
    "RUN+=\"/usr/bin/udevadm trigger --action=change $sys$devpath/..\"\n"
    "ENV{DEVTYPE}==\"usb_interface\", GOTO=\"kwit_end\"\n"
    "ENV{DEVTYPE}!=\"usb_device\", GOTO=\"kwit_end\"\n"
    "ENV{ID_USB_INTERFACES}!=\"*:0701??:*|*:ff????:*\", GOTO=\"kwit_end\"\n\n";

/* Printers without a row, by what they say; the interface that prints is among the first of any device. */
static const char rules_speaking[] =
    "ENV{KWIT_RECEIPT}==\"\", " SPEAKS("ATTR{$kernel:1.0/ieee1284_id}") ", ENV{KWIT_RECEIPT}=\"1\"\n"
    "ENV{KWIT_RECEIPT}==\"\", " SPEAKS("ATTR{$kernel:1.1/ieee1284_id}") ", ENV{KWIT_RECEIPT}=\"1\"\n";

/*
 * A link by serial number stays with the device that had it first: of two with one number the other has none, and is
 * told by its port. uaccess is granted by 73-seat-late.rules to whoever sits at the machine; the tag must be set
 * before that.
 */
static const char rules_device[] =
    "ENV{KWIT_RECEIPT}!=\"1\", GOTO=\"kwit_end\"\n"
    "ENV{KWIT_PORT}=\"$kernel\", SYMLINK+=\"receipt/by-path/$kernel\"\n"
    "ENV{ID_SERIAL_SHORT}==\"\", ENV{KWIT_SERIAL}=\"none\"\n"
    "ENV{KWIT_SERIAL}==\"\", ENV{KWIT_NAME}=\"$attr{idVendor}-$attr{idProduct}-$env{ID_SERIAL_SHORT}\"\n"
    "IMPORT{db}=\"KWIT_FIRST\"\n"
    "ENV{KWIT_FIRST}!=\"1\", ENV{KWIT_NAME}!=\"\", TEST==\"/dev/receipt/by-serial/$env{KWIT_NAME}\", "
    "ENV{KWIT_NAME}=\"\"\n"
    "ENV{KWIT_NAME}!=\"\", ENV{KWIT_FIRST}=\"1\", SYMLINK+=\"receipt/by-serial/$env{KWIT_NAME}\"\n"
    "GROUP=\"lp\", MODE=\"0660\", TAG+=\"uaccess\", TAG+=\"systemd\"\n"
    "TEST==\"/usr/bin/setfacl\", RUN+=\"/usr/bin/setfacl -m g:kwit:rw $devnode\"\n"
    "ENV{KWIT_POWER}==\"on\", TEST==\"power/control\", ATTR{power/control}=\"on\"\n"
    "GOTO=\"kwit_end\"\n\n";

/* The node of usblp, for file:/dev/receipt/…-lp. Its rights are those of the device above it. */
static const char rules_lp[] =
    "LABEL=\"kwit_lp\"\n"
    "IMPORT{parent}=\"KWIT_*\"\n"
    "ENV{KWIT_RECEIPT}==\"\", " SPEAKS("ATTRS{ieee1284_id}") ", ENV{KWIT_RECEIPT}=\"1\"\n"
    "ENV{KWIT_RECEIPT}!=\"1\", GOTO=\"kwit_end\"\n"
    "GROUP=\"lp\", MODE=\"0660\", TAG+=\"uaccess\"\n"
    "TEST==\"/usr/bin/setfacl\", RUN+=\"/usr/bin/setfacl -m g:kwit:rw $devnode\"\n"
    "ENV{KWIT_PORT}!=\"\", SYMLINK+=\"receipt/by-path/$env{KWIT_PORT}-lp\"\n"
    "ENV{KWIT_NAME}!=\"\", SYMLINK+=\"receipt/by-serial/$env{KWIT_NAME}-lp\"\n\n";

/* Numbers that factories put into every device, which kw_identity_serial_counts refuses as well. */
static void write_worthless_serials(void)
{
    static const char digits[] = "0123456789";
    enum { LONGEST = 16 };
    printf("ENV{ID_SERIAL_SHORT}==\"");
    for (int length = 1; length <= LONGEST; length++)
        printf("%.*s|%.*s|", length, "0000000000000000", length, "FFFFFFFFFFFFFFFF");
    for (int length = 6; length <= 10; length++)
        printf("%.*s|%.*s|", length, digits, length - 1, digits + 1);
    printf("1234567890\", ENV{KWIT_SERIAL}=\"shared\"\n");
}

static void write_rules(void)
{
    write_head("Rights and names");
    fputs(rules_begin, stdout);
    for (size_t i = 0; kw_usb_row_at(i); i++)
        if (is_receipt_printer(kw_usb_row_at(i)))
            write_row(kw_usb_row_at(i));
    fputs(rules_speaking, stdout);
    write_worthless_serials();
    fputs(rules_device, stdout);
    fputs(rules_lp, stdout);
    puts("LABEL=\"kwit_end\"");
}

static void write_hwdb(void)
{
    write_head("Names");
    for (size_t i = 0; kw_usb_row_at(i); i++) {
        const struct kw_usb_row *row = kw_usb_row_at(i);
        if (!is_receipt_printer(row))
            continue;
        printf("usb:v%04Xp%04X*\n KWIT_TITLE=%s\n", row->vendor, row->product, row->title);
        if (row->profile[0])
            printf(" KWIT_PROFILE=%s\n", row->profile);
        printf("\n");
    }
}

int main(int argc, char **argv)
{
    const char *what = argc == 2 ? argv[1] : "";
    if (strcmp(what, "rules") == 0)
        write_rules();
    else if (strcmp(what, "hwdb") == 0)
        write_hwdb();
    else {
        fputs("usage: generate rules|hwdb\n", stderr);
        return 64;
    }
    return fflush(stdout) == 0 ? 0 : 74;
}
