# kwit - builds the command, the library, its private modules and the tests. `make help` lists the targets.
#
# Overridable: CC CFLAGS LDFLAGS PREFIX DESTDIR BUILD JOBS PKG_CONFIG, SANITIZE=address,undefined, V=1; WERROR=-Werror in our
# own checks; CC=aarch64-linux-gnu-gcc builds for another machine (CC_FOR_BUILD and PKG_CONFIG_FOR_BUILD for this one).

.DEFAULT_GOAL := all
CC ?= cc
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR ?= $(PREFIX)/share
SANITIZE ?=
BUILD ?= build$(if $(SANITIZE),/sanitize)
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
VERSION := $(shell sed -n 's/^.define KWIT_VERSION "\(.*\)"/\1/p' include/kwit/kwit.h)

# Plain `make` uses every core; a -j on the command line wins.
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(JOBS)
endif
ifeq ($(V),1)
Q :=
else
Q := @
MAKEFLAGS += --no-print-directory
endif
say = $(if $(Q),@echo "  $(1)	$(2)",@:)

# ---- the machine it is for -------------------------------------------------------------------------------------
# What runs while building is built for the machine that builds; nothing of the target is run.
# SYSROOT=DIR: its libraries and headers, where they are not this machine's own.
SYSROOT ?=
TRIPLE := $(shell $(CC) -dumpmachine 2>/dev/null)
CROSS := $(filter-out $(firstword $(subst -, ,$(shell cc -dumpmachine 2>/dev/null))),$(firstword $(subst -, ,$(TRIPLE))))
LIBRARY_DIRS := $(SYSROOT)/usr/lib/$(TRIPLE) $(SYSROOT)/usr/lib$(if $(filter %64,$(TRIPLE)),64) $(SYSROOT)/usr/lib
CC_FOR_BUILD ?= $(if $(CROSS),cc,$(CC))
PKG_CONFIG_FOR_BUILD ?= pkg-config
PKG_CONFIG ?= $(if $(CROSS),env PKG_CONFIG_SYSROOT_DIR=$(SYSROOT) \
	PKG_CONFIG_LIBDIR=$(SYSROOT)/usr/lib/$(TRIPLE)/pkgconfig:$(SYSROOT)/usr/share/pkgconfig )pkg-config
ifeq ($(origin AR),default)
AR := $(if $(CROSS),$(shell $(CC) -print-prog-name=ar),ar)
endif

# A warning of a compiler that we have not met stops nobody's build; the checks of our own pass WERROR=-Werror.
WERROR ?=
CFLAGS ?= -O2 -g
WARNINGS := -Wall -Wextra $(WERROR) -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wpointer-arith
# Offsets have 64 bits on a till of 32 too: else a directory whose places do not fit reads as empty.
KWIT_CFLAGS := -std=c11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -fPIC -fvisibility=hidden -ffunction-sections -fdata-sections $(WARNINGS) \
	-Iinclude -Idriver -I$(BUILD)/gen -MMD -MP
KWIT_LDFLAGS := -Wl,--as-needed -Wl,--gc-sections
ifneq ($(SYSROOT),)
KWIT_CFLAGS += --sysroot=$(SYSROOT)
KWIT_LDFLAGS += --sysroot=$(SYSROOT) -Wl,-rpath-link,$(SYSROOT)/usr/lib/$(TRIPLE)
endif
# Fortified calls need an optimizer, and the sanitizers look closer themselves.
HARDENING ?= -fstack-protector-strong $(if $(filter -O0,$(CFLAGS)),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
ifneq ($(SANITIZE),)
KWIT_CFLAGS += -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
KWIT_LDFLAGS += -fsanitize=$(SANITIZE)
else
KWIT_CFLAGS += $(HARDENING)
KWIT_LDFLAGS += -Wl,-z,relro -Wl,-z,now
endif

# ---- libraries -------------------------------------------------------------------------------------------------
# The command takes these as archives, so that a plain receipt loads libc alone; libkwit.so takes them shared.
STATIC_LIBS := -l:libsqlite3.a -l:libsodium.a -l:libjansson.a -l:libinih.a -l:libpng16.a -l:libexpat.a -l:libz.a -lm
SHARED_LIBS := -lsqlite3 -lsodium -ljansson -linih -lpng16 -lexpat -lz -lm
# What is not installed yet is told by the compiler, and not to who only wants it installed.
flags_of = $(shell $(PKG_CONFIG) $(1) 2>/dev/null)
RAQM_CFLAGS = $(call flags_of,--cflags raqm fribidi harfbuzz freetype2)
RAQM_LIBS = $(call flags_of,--libs raqm fribidi harfbuzz freetype2)
USB_CFLAGS = $(call flags_of,--cflags libusb-1.0)
USB_LIBS = $(call flags_of,--libs libusb-1.0)
HTTP_CFLAGS = $(call flags_of,--cflags libmicrohttpd)
HTTP_LIBS = $(call flags_of,--libs libmicrohttpd)
NET_CFLAGS = $(call flags_of,--cflags libcurl)
NET_LIBS = $(call flags_of,--libs libcurl)
PG_CFLAGS = $(call flags_of,--cflags libpq)
PG_LIBS = $(call flags_of,--libs libpq)
PDF_CFLAGS = $(call flags_of,--cflags pangocairo cairo-pdf)
PDF_LIBS = $(call flags_of,--libs pangocairo cairo-pdf)

# ---- sources ---------------------------------------------------------------------------------------------------
USB_SRC := $(wildcard driver/transport/usb.c driver/transport/usb_*.c)
RAQM_SRC := $(wildcard driver/text/raqm.c driver/text/raqm_*.c)
HTTP_SRC := $(wildcard driver/office/http/http_*.c)
NET_SRC := $(wildcard driver/office/net/net_*.c)
PG_SRC := $(wildcard driver/office/pg/pg_*.c)
JPEG_SRC := $(wildcard driver/image/jpeg_*.c)
PDF_SRC := $(wildcard driver/pdf/pdf_*.c)
BASE_SRC := $(wildcard driver/base/*.c)
# A room may have rooms of its own, one level down; what lies in a folder called fonts runs while building.
NESTED_SRC := $(foreach file,$(wildcard driver/*/*/*.c),$(if $(findstring /fonts/,$(file)),,$(file)))
LIB_SRC := $(filter-out $(USB_SRC) $(RAQM_SRC) $(HTTP_SRC) $(NET_SRC) $(PG_SRC) $(PDF_SRC) $(JPEG_SRC),$(wildcard driver/*/*.c) $(NESTED_SRC))
CLI_SRC := $(wildcard cli/*.c)
objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
LIB_OBJ := $(call objects,$(LIB_SRC))
LIB_EXTRA_OBJ :=

# Rooms with something of their own to build say it in a file of their own.
-include driver/simulator/simulator.mk driver/inputs/maps/maps.mk udev/udev.mk cli/manual.mk

ALL := $(BUILD)/kwit $(BUILD)/libkwit.a $(BUILD)/libkwit.so $(if $(RAQM_SRC),$(BUILD)/kwit-text.so) \
	$(if $(USB_SRC),$(BUILD)/kwit-usb.so) $(if $(HTTP_SRC),$(BUILD)/kwit-http.so) \
	$(if $(NET_SRC),$(BUILD)/kwit-net.so) $(if $(PG_SRC),$(BUILD)/kwit-pg.so) \
	$(if $(PDF_SRC),$(BUILD)/kwit-pdf.so) $(if $(JPEG_SRC),$(BUILD)/kwit-jpeg.so) $(ALL_EXTRA)

all: $(ALL)                                        ## the command, the library and its modules

# Other flags make other objects.
FLAGS := $(CC) $(KWIT_CFLAGS) $(CFLAGS)
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(FLAGS)' | cmp -s - $@ || echo '$(FLAGS)' > $@
FORCE:

$(BUILD)/obj/%.o: %.c $(BUILD)/flags
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(KWIT_CFLAGS) $(CFLAGS) $(CFLAGS_$(subst /,_,$*)) -c $< -o $@

$(call objects,$(RAQM_SRC)): KWIT_CFLAGS += $(RAQM_CFLAGS)
$(call objects,$(USB_SRC)): KWIT_CFLAGS += $(USB_CFLAGS)
$(call objects,$(HTTP_SRC)): KWIT_CFLAGS += $(HTTP_CFLAGS)
$(call objects,$(NET_SRC)): KWIT_CFLAGS += $(NET_CFLAGS)
$(call objects,$(PG_SRC)): KWIT_CFLAGS += $(PG_CFLAGS)
$(call objects,$(PDF_SRC)): KWIT_CFLAGS += $(PDF_CFLAGS)

$(BUILD)/libkwit.a: $(LIB_OBJ) $(LIB_EXTRA_OBJ)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

# Which version of the library first had a call: a program that needs a newer one is told so when it starts.
LIB_MAP := driver/api/libkwit.map
$(BUILD)/libkwit.so: $(LIB_OBJ) $(LIB_EXTRA_OBJ) $(LIB_MAP)
	$(call say,LD,$@)
	$(Q)$(CC) -shared $(CFLAGS) $(KWIT_LDFLAGS) $(LDFLAGS) -Wl,-soname,libkwit.so.0 -Wl,--version-script=$(LIB_MAP) \
		-o $@ $(filter-out $(LIB_MAP),$^) $(SHARED_LIBS)
	$(Q)ln -sf $(@F) $@.0

# Relocations packed into a bitmap where the linker can, two segments for fewer mappings, and lazy_math.c for libm: what a
# start may cost.
PACKED = $(if $(shell $(CC) -shared -Wl,-z,pack-relative-relocs -x c /dev/null -o /dev/null 2>&1),,-Wl,-z,pack-relative-relocs)
START_LDFLAGS = -pie -Wl,-z,noseparate-code $(PACKED)
CFLAGS_cli_lazy_math := -fno-builtin
CFLAGS_tests_test_lazy_math := -fno-builtin

# What a plain print walks through lies side by side, each file with its own words: pages are touched by the dozen at once,
# where they are neighbours.
WAY_ROOMS := base config sale locale profile layout page text survey escpos api image record transport
WAY := $(call objects,cli/main.c cli/cli.c cli/cmd_print.c cli/complete.c driver/tap/stream/body.c driver/delivery/dialect.c \
	$(filter $(LIB_SRC),$(foreach room,$(WAY_ROOMS),$(wildcard driver/$(room)/*.c))))
$(WAY): KWIT_CFLAGS += $(if $(shell $(CC) -Werror -fno-merge-constants -x c -c /dev/null -o /dev/null 2>&1),,-fno-merge-constants)

$(BUILD)/kwit: $(WAY) $(call objects,$(CLI_SRC)) $(BUILD)/libkwit.a
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(KWIT_LDFLAGS) $(START_LDFLAGS) $(LDFLAGS) -o $@ $^ $(STATIC_LIBS)

# A module carries its own copy of base (which has no state), so that it needs no symbol of whoever loads it, and exports
# its table and nothing else.
MODULE_MAP := driver/base/module.map
MODULE_LDFLAGS := -shared -Wl,--version-script=$(MODULE_MAP)
$(BUILD)/kwit-%.so: KWIT_LDFLAGS += $(MODULE_LDFLAGS)
$(BUILD)/kwit-text.so $(BUILD)/kwit-usb.so $(BUILD)/kwit-http.so $(BUILD)/kwit-net.so $(BUILD)/kwit-pg.so $(BUILD)/kwit-pdf.so $(BUILD)/kwit-jpeg.so: $(MODULE_MAP)
$(BUILD)/kwit-text.so: $(call objects,$(RAQM_SRC) $(BASE_SRC) driver/image/bitmap.c driver/text/glyphs.c)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(KWIT_LDFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(RAQM_LIBS) -lm

$(BUILD)/kwit-usb.so: $(call objects,$(USB_SRC) $(BASE_SRC))
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(KWIT_LDFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(USB_LIBS) -lm

$(BUILD)/kwit-http.so: $(call objects,$(HTTP_SRC) $(BASE_SRC))
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(KWIT_LDFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(HTTP_LIBS) -lm

# libcurl's own set-up outlives the module, so the module is never unloaded.
$(BUILD)/kwit-net.so: KWIT_LDFLAGS += -Wl,-z,nodelete
$(BUILD)/kwit-net.so: $(call objects,$(NET_SRC))
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(KWIT_LDFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(NET_LIBS)

# The book on PostgreSQL, whole: what it shares with the library has no state.
$(BUILD)/kwit-pg.so: $(call objects,$(PG_SRC) $(BASE_SRC) $(wildcard driver/record/*.c))
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(KWIT_LDFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(PG_LIBS) -lm

# What GLib registers outlives the module, so the module is never unloaded.
$(BUILD)/kwit-pdf.so: KWIT_LDFLAGS += -Wl,-z,nodelete
$(BUILD)/kwit-pdf.so: $(call objects,$(PDF_SRC) $(BASE_SRC))
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(KWIT_LDFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(PDF_LIBS) -lm

$(BUILD)/kwit-jpeg.so: $(call objects,$(JPEG_SRC) $(BASE_SRC))
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(KWIT_LDFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) -ljpeg -lm

# ---- dependencies ----------------------------------------------------------------------------------------------
BUILD_PACKAGES := gcc make pkg-config libc6-dev libusb-1.0-0-dev libqrencode-dev libjansson-dev libsqlite3-dev \
	libraqm-dev libfribidi-dev libharfbuzz-dev libfreetype-dev libsodium-dev libpng-dev libexpat1-dev zlib1g-dev libinih-dev libmicrohttpd-dev libcurl4-openssl-dev libpq-dev libpango1.0-dev libjpeg-dev \
	libzint-dev xfonts-terminus unifont lowdown
RUN_PACKAGES := fonts-dejavu-core fonts-noto-core fonts-noto-mono fonts-noto-cjk fonts-symbola fonts-unifont
CHECK_PACKAGES := libcmocka-dev libumockdev-dev umockdev libzbar-dev zbar-tools tesseract-ocr tesseract-ocr-pol \
	tesseract-ocr-fra tesseract-ocr-rus tesseract-ocr-fas tesseract-ocr-vie python3 sqlite3 cups cups-client strace valgrind qemu-system-x86 \
	busybox-static cpio kmod xz-utils udev acl usbip ipp-usb python3-aiosmtpd python3-yaml postgresql clang libclang-rt-dev git procps mandoc man-db nodejs php-cli mono-mcs mono-runtime \
	abigail-tools golang-go default-jdk-headless locales poppler-utils zsh fish shellcheck uidmap

deps:                                              ## install what is missing (as root, or with sudo)
	@sh tests/deps.sh $(BUILD_PACKAGES) $(RUN_PACKAGES) $(CHECK_PACKAGES)

# ---- demo ------------------------------------------------------------------------------------------------------
demo: CHECK_PACKAGES := zbar-tools
demo: deps                                         ## print the example sale on the simulated printer
	@$(MAKE) all
	@sh tests/demo.sh $(BUILD)

office-demo: CHECK_PACKAGES := zbar-tools
office-demo: deps                                  ## a receipt whose code opens the survey page on this machine; Ctrl-C ends it
	@$(MAKE) all
	@sh tests/office_demo.sh $(BUILD)

# ---- tests -----------------------------------------------------------------------------------------------------
TEST_SRC := $(wildcard tests/test_*.c)
TESTS := $(patsubst tests/%.c,$(BUILD)/tests/%,$(TEST_SRC))
SUPPORT_OBJ := $(call objects,$(wildcard tests/support/*.c))
TEST_CLOCK := $(BUILD)/tests/clock.so
FUZZ_NAMES := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
REPLAYS := $(addprefix $(BUILD)/tests/replay_,$(FUZZ_NAMES))

# What single tests need beside the library: outside judges.
LIBS_test_barcode := -lzbar -lzint
LIBS_test_beside := -lzbar
LIBS_test_qr := -lzbar -lqrencode
LIBS_test_printed := -lzbar
LIBS_test_simulator_symbols := -lzbar
# What is inside the module that draws text.
LIBS_test_text_order = $(RAQM_LIBS)
$(BUILD)/tests/test_text_order: $(call objects,$(filter-out driver/text/raqm.c,$(RAQM_SRC)) driver/text/glyphs.c)
$(BUILD)/obj/tests/test_text_order.o: KWIT_CFLAGS += $(RAQM_CFLAGS)

$(BUILD)/tests/test_%: $(BUILD)/obj/tests/test_%.o $(SUPPORT_OBJ) $(BUILD)/libkwit.a
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(KWIT_LDFLAGS) $(LDFLAGS) -o $@ $^ $(STATIC_LIBS) -lcmocka $(LIBS_test_$*)

$(BUILD)/tests/replay_%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(BUILD)/obj/tests/fuzz/replay.o $(BUILD)/libkwit.a
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(KWIT_LDFLAGS) $(LDFLAGS) -o $@ $^ $(STATIC_LIBS)

# The clock of the tests, for the real command.
$(TEST_CLOCK): $(BUILD)/obj/tests/support/clock.o
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) -shared $(CFLAGS) $(LDFLAGS) -o $@ $^

$(BUILD)/obj/tests/%.o: KWIT_CFLAGS += -Itests
$(BUILD)/obj/tests/support/clock.o: KWIT_CFLAGS += -fvisibility=default
# The printers that umockdev plays.
$(BUILD)/obj/tests/usb/%.o: KWIT_CFLAGS += $(call flags_of,--cflags umockdev-1.0)
BED_TESTS := test_usb test_usb_find test_usb_printers test_usb_faults test_devices test_doctor
$(addprefix $(BUILD)/tests/,$(BED_TESTS)): $(addprefix $(BUILD)/obj/tests/usb/,bed.o bench.o)
UMOCKDEV_LIBS := $(call flags_of,--libs umockdev-1.0)
$(foreach test,$(BED_TESTS),$(eval LIBS_$(test) := $(UMOCKDEV_LIBS)))
# Unit programs that have a long form: over more seeds they are the proof.
STATISTICS := test_signs test_peeking
# How the unit programs are built. A report of theirs names lines, no variables, which takes a quarter off building them.
SANITIZED = SANITIZE=address,undefined CFLAGS="-O1 -g1" BUILD=$(BUILD)/sanitize
unit-programs: $(TESTS) $(REPLAYS) $(filter %.so,$(ALL)) $(BUILD)/kwit
sanitized-programs:
	@$(MAKE) $(SANITIZED) unit-programs

check: deps                                        ## every test: units, replays, end to end, rules, documents
	@bash tests/parts.sh tests/check.parts $(BUILD) '$(MAKE)'

check-days: deps all $(TEST_CLOCK) sanitized-programs ## the tests that know of time, on thirty days, here and there
	@bash tests/days.sh $(BUILD)

check-statistics: deps                             ## how often the report errs, over thousands of pinned shops; and its power
	@$(MAKE) $(addprefix $(BUILD)/tests/,$(STATISTICS))
	@for program in $(STATISTICS); do TEST_SEEDS=$${TEST_SEEDS:-20} $(BUILD)/tests/$$program || exit 1; done

# Three quarters of an hour, and fifteen gigabytes of disk: 10.8 million sales. SALES=30 is a tenth of both.
check-quarter: deps all                            ## 400 tills push a quarter while tills, offices and PostgreSQL are killed: SALES=300 PAUSE=25
	@scratch=$$(mktemp -d /var/tmp/kwit-quarter.XXXXXX) && trap 'rm -rf "$$scratch"' EXIT && \
	    TILLS=$${TILLS:-400} STORES=$${STORES:-400} DAYS=$${DAYS:-90} SALES=$${SALES:-300} PAUSE=$${PAUSE:-25} SCRATCH=$$scratch \
	    KWIT=$(CURDIR)/$(BUILD)/kwit BUILD=$(CURDIR)/$(BUILD) bash tests/e2e/push_quarter.sh

# What starts threads: names lookups, the tap's guests and queue, the office's writer and page, and their callers.
THREADED := test_transport test_office test_usbip
check-threads: deps all $(TEST_CLOCK)              ## the units and scripts that start threads, under ThreadSanitizer
	@$(MAKE) SANITIZE=thread CFLAGS="-O1 -g" BUILD=$(BUILD)/thread all $(addprefix $(BUILD)/thread/tests/,$(THREADED))
	@bash tests/threads.sh $(BUILD)

check-all: deps                                    ## the check and every long form: days, statistics, torture
	@bash tests/parts.sh tests/check-all.parts $(BUILD) '$(MAKE)'

# The programs, and the modules they load, of the tests that NAME matches; the command where an end-to-end test does.
NAMED_UNITS := $(if $(NAME),$(shell printf '%s\n' $(notdir $(TESTS) $(REPLAYS)) | grep -E '$(NAME)'),$(notdir $(TESTS) $(REPLAYS)))
NAMED_SCRIPTS := $(if $(NAME),$(shell ls tests/e2e/*.sh tests/rules/*.sh | grep -E '$(NAME)'))
quick:                                             ## the unit tests alone (NAME=… for some tests of any kind)
	@[ -n '$(NAMED_UNITS)$(NAMED_SCRIPTS)' ] || { echo "quick: no test's name matches '$(NAME)'" >&2; exit 1; }
	@$(MAKE) $(TEST_CLOCK) $(if $(NAMED_SCRIPTS),all)
	@$(if $(NAMED_UNITS),$(MAKE) $(SANITIZED) named-units NAMED_UNITS='$(NAMED_UNITS)')
	@bash tests/run.sh $(BUILD) $(if $(NAMED_SCRIPTS),all,unit) '$(NAME)'
named-units: $(addprefix $(BUILD)/tests/,$(NAMED_UNITS)) $(filter $(BUILD)/kwit-%.so,$(ALL))

# Those that need no judge beside the library, so that a foreign machine's packages are few; and no tracing, which the
# emulator has not.
ARCH_TESTS := $(foreach test,$(filter-out %/test_simulator_past,$(TESTS)),$(if $(LIBS_$(notdir $(test)))$(filter $(notdir $(test)),$(BED_TESTS)),,$(test)))
arch-programs: $(ARCH_TESTS) $(ALL)
ARCH_PACKAGES := $(filter lib% zlib%,$(BUILD_PACKAGES)) libcmocka-dev
check-arch: all                                    ## builds for arm64 and armhf; units and bytes under qemu-user (ARCHS=…)
	@bash tests/arch/run.sh '$(MAKE)' $(ARCH_PACKAGES)

golden: all                                        ## draw the reference receipts anew; look at them before they are committed
	@KWIT=$(BUILD)/kwit python3 tests/golden/golden.py write

coverage:                                          ## lines and branches that no test walks
	@sh tests/coverage.sh '$(MAKE)'

bench: all                                         ## counts, and ratios against floors taken in the same run
	@bash tests/bench/run.sh $(BUILD)

bench-limits: all                                  ## the counts of today become the limits
	@KWIT=$(CURDIR)/$(BUILD)/kwit BUILD=$(CURDIR)/$(BUILD) bash tests/bench/counts.sh --write

SALES ?= 100000
torture: all                                       ## faults, kills and failed allocations at every point (SALES=N random sales)
	@bash tests/torture/run.sh $(BUILD) $(SALES)

FUZZ_SECONDS ?= 60
fuzz:                                              ## search for new inputs, FUZZ_SECONDS each (clang)
	@sh tests/fuzz/run.sh $(FUZZ_SECONDS) $(FUZZ_NAMES)

# ---- installing ------------------------------------------------------------------------------------------------
install: all                                       ## into DESTDIR and PREFIX
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(LIBDIR)/kwit $(DESTDIR)$(INCLUDEDIR)/kwit $(DESTDIR)$(LIBDIR)/pkgconfig
	install -m 755 $(BUILD)/kwit $(DESTDIR)$(BINDIR)/kwit
	install -m 644 $(filter $(BUILD)/kwit-%.so,$(ALL)) $(DESTDIR)$(LIBDIR)/kwit/
	install -m 644 $(BUILD)/libkwit.a $(DESTDIR)$(LIBDIR)/libkwit.a
	install -m 644 $(BUILD)/libkwit.so $(DESTDIR)$(LIBDIR)/libkwit.so.0
	ln -sf libkwit.so.0 $(DESTDIR)$(LIBDIR)/libkwit.so
	install -m 644 $(filter-out %.md,$(wildcard include/kwit/*)) $(DESTDIR)$(INCLUDEDIR)/kwit/
	printf 'Name: kwit\nDescription: receipt and survey printer driver\nVersion: %s\nLibs: -L%s -lkwit\nLibs.private: %s\nCflags: -I%s\n' \
		'$(VERSION)' '$(LIBDIR)' '$(SHARED_LIBS)' '$(INCLUDEDIR)' | \
		install -m 644 /dev/stdin $(DESTDIR)$(LIBDIR)/pkgconfig/kwit.pc
	@$(MAKE) $(INSTALL_EXTRA) install-done

install-done:
	@:

uninstall:                                         ## remove what install put there
	rm -f $(DESTDIR)$(BINDIR)/kwit $(DESTDIR)$(LIBDIR)/libkwit.a $(DESTDIR)$(LIBDIR)/libkwit.so* $(DESTDIR)$(LIBDIR)/pkgconfig/kwit.pc
	rm -rf $(DESTDIR)$(LIBDIR)/kwit $(DESTDIR)$(INCLUDEDIR)/kwit
	@$(if $(UNINSTALL_EXTRA),$(MAKE) $(UNINSTALL_EXTRA),:)

clean:                                             ## remove the build
	rm -rf build

distcheck:                                         ## a clean clone builds, tests, installs and uninstalls
	@sh tests/distcheck.sh '$(MAKE)'

help:                                              ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  \1	\2/p' Makefile driver/*/*.mk udev/*.mk 2>/dev/null | expand -t 16

.PHONY: all deps demo office-demo unit-programs sanitized-programs check check-days check-statistics check-quarter check-threads check-all quick named-units check-arch arch-programs golden coverage bench bench-limits torture fuzz install install-done \
	uninstall clean distcheck help
.SECONDARY:

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
