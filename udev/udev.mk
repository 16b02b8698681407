# udev.mk - the rules, hardware database and units: made from the rows of USB ids and put where systemd looks.

SBINDIR ?= $(PREFIX)/sbin
UDEVDIR ?= $(PREFIX)/lib/udev
# The hardware database is not looked for under /usr/local.
HWDBDIR ?= $(if $(filter /usr/local,$(PREFIX)),/etc/udev/hwdb.d,$(UDEVDIR)/hwdb.d)
SYSTEMDDIR ?= $(PREFIX)/lib/systemd/system
SYSUSERSDIR ?= $(PREFIX)/lib/sysusers.d
TMPFILESDIR ?= $(PREFIX)/lib/tmpfiles.d

UDEV_FILES := $(BUILD)/udev/70-kwit-receipt.rules $(BUILD)/udev/70-kwit-receipt.hwdb
# Where CUPS looks for its backends; it runs those as root that nobody else may read.
CUPSDIR ?= $(if $(filter /usr /usr/local,$(PREFIX)),/usr/lib/cups,$(PREFIX)/lib/cups)
CUPS_BACKEND := $(BUILD)/cups/kwit
ALL_EXTRA += $(UDEV_FILES) $(CUPS_BACKEND)
INSTALL_EXTRA += install-udev
UNINSTALL_EXTRA += uninstall-udev

# Runs while building, so of the library it takes the rows alone.
GENERATE_SRC := udev/generate.c driver/profile/profile.c
$(BUILD)/udev/generate: $(GENERATE_SRC) $(wildcard driver/data/*.def) driver/profile/profile.h
	$(call say,HOSTCC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC_FOR_BUILD) -std=c11 -D_GNU_SOURCE -O1 $(WARNINGS) -Iinclude -Idriver -ffunction-sections -Wl,--gc-sections \
		-o $@ $(GENERATE_SRC)

$(BUILD)/udev/70-kwit-receipt.%: $(BUILD)/udev/generate
	$(call say,GEN,$@)
	$(Q)$< $* > $@.new && mv $@.new $@

$(CUPS_BACKEND): udev/cups-backend.c
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE $(WARNINGS) $(HARDENING) $(CFLAGS) $(LDFLAGS) -DKWIT_COMMAND='"$(BINDIR)/kwit"' -o $@ $<

install-udev: $(UDEV_FILES) $(CUPS_BACKEND)
	install -d $(DESTDIR)$(CUPSDIR)/backend
	install -m 700 $(CUPS_BACKEND) $(DESTDIR)$(CUPSDIR)/backend/kwit
	install -d $(DESTDIR)$(UDEVDIR)/rules.d $(DESTDIR)$(HWDBDIR) $(DESTDIR)$(SYSTEMDDIR) $(DESTDIR)$(SYSUSERSDIR) \
		$(DESTDIR)$(TMPFILESDIR)
	install -m 644 $(BUILD)/udev/70-kwit-receipt.rules udev/71-kwit-flush.rules $(DESTDIR)$(UDEVDIR)/rules.d/
	install -m 644 $(BUILD)/udev/70-kwit-receipt.hwdb $(DESTDIR)$(HWDBDIR)/
	sed 's|@BINDIR@|$(BINDIR)|' udev/kwit-flush@.service.in > $(DESTDIR)$(SYSTEMDDIR)/kwit-flush@.service
	for unit in office staff push tap@; do \
		sed 's|@BINDIR@|$(BINDIR)|' udev/kwit-$$unit.service.in > $(DESTDIR)$(SYSTEMDDIR)/kwit-$$unit.service; done
	chmod 644 $(DESTDIR)$(SYSTEMDDIR)/kwit-flush@.service $(DESTDIR)$(SYSTEMDDIR)/kwit-office.service \
		$(DESTDIR)$(SYSTEMDDIR)/kwit-staff.service $(DESTDIR)$(SYSTEMDDIR)/kwit-tap@.service \
		$(DESTDIR)$(SYSTEMDDIR)/kwit-push.service
	install -m 644 udev/kwit-office.socket udev/kwit-staff.socket udev/kwit-tap@.socket \
		udev/kwit-push.timer $(DESTDIR)$(SYSTEMDDIR)/
	install -m 644 udev/kwit.sysusers $(DESTDIR)$(SYSUSERSDIR)/kwit.conf
	install -m 644 udev/kwit-office.sysusers $(DESTDIR)$(SYSUSERSDIR)/kwit-office.conf
	install -D -m 755 udev/kwit-admit.sh $(DESTDIR)$(SBINDIR)/kwit-admit
	install -d $(DESTDIR)$(MANDIR)/man8 && ln -sf kwit-administer.8 $(DESTDIR)$(MANDIR)/man8/kwit-admit.8
	install -m 644 udev/kwit.tmpfiles $(DESTDIR)$(TMPFILESDIR)/kwit.conf
	@echo "Now, as root, on the machine where it runs:"
	@echo "  systemd-sysusers && systemd-tmpfiles --create"
	@echo "  systemd-hwdb update && udevadm control --reload && udevadm trigger --subsystem-match=usb"
	@echo "  systemctl daemon-reload"
	@echo "  ldconfig          before programs find libkwit.so"
	@echo "  kwit-admit        who called sudo or sits at the screen may print; kwit-admit USER: somebody else"

uninstall-udev:
	rm -f $(DESTDIR)$(SBINDIR)/kwit-admit $(DESTDIR)$(MANDIR)/man8/kwit-admit.8
	rm -f $(DESTDIR)$(CUPSDIR)/backend/kwit $(DESTDIR)$(UDEVDIR)/rules.d/70-kwit-receipt.rules $(DESTDIR)$(UDEVDIR)/rules.d/71-kwit-flush.rules $(DESTDIR)$(HWDBDIR)/70-kwit-receipt.hwdb \
		$(DESTDIR)$(SYSTEMDDIR)/kwit-flush@.service $(DESTDIR)$(SYSTEMDDIR)/kwit-office.service \
		$(DESTDIR)$(SYSTEMDDIR)/kwit-tap@.service $(DESTDIR)$(SYSTEMDDIR)/kwit-tap@.socket \
		$(DESTDIR)$(SYSTEMDDIR)/kwit-push.service $(DESTDIR)$(SYSTEMDDIR)/kwit-push.timer \
		$(DESTDIR)$(SYSTEMDDIR)/kwit-office.socket $(DESTDIR)$(SYSTEMDDIR)/kwit-staff.service \
		$(DESTDIR)$(SYSTEMDDIR)/kwit-staff.socket $(DESTDIR)$(SYSUSERSDIR)/kwit.conf $(DESTDIR)$(SYSUSERSDIR)/kwit-office.conf \
		$(DESTDIR)$(TMPFILESDIR)/kwit.conf

USB_TESTS = $(BED_TESTS) test_usbip test_transport test_transport_files
check-usb:                                          ## the USB transport against printers that umockdev plays
	@$(MAKE) $(SANITIZED) $(addprefix $(BUILD)/sanitize/tests/,$(USB_TESTS)) \
		$(BUILD)/sanitize/kwit-usb.so
	@bash tests/run.sh $(BUILD) unit 'test_(usb|devices|doctor|transport)'

check-kernel: all                                  ## the same and more in a guest with a Debian kernel: CUPS, ipp-usb, twins
	@KERNEL_JOBS=job,others,service bash tests/run.sh $(BUILD) scripts /kernel.sh

.PHONY: install-udev uninstall-udev check-usb check-kernel

ARCH ?=
deb:                                               ## Debian packages, in build/deb (ARCH=arm64 for another machine, MAINTAINER='NAME <ADDRESS>')
	@sh udev/deb.sh $(BUILD) $(ARCH)

rpm:                                               ## RPM packages, in build/rpm (RPM_OPTIONS=--nodeps where RPM is not the packager, MAINTAINER too)
	@sh udev/rpm.sh $(BUILD) $(RPM_OPTIONS)

.PHONY: deb rpm
