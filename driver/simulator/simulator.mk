# simulator.mk - the resident fonts of the simulated printer, made of Terminus and Unifont at build time.

TERMINUS_DIR ?= /usr/share/fonts/X11/misc
UNIFONT_HEX ?= /usr/share/unifont/unifont.hex
SIMULATOR_FONTS := $(BUILD)/gen/simulator_fonts

$(BUILD)/gen/mkfont: driver/simulator/fonts/mkfont.c driver/simulator/fonts/fonts.h \
		driver/simulator/fonts/composed.def
	$(call say,HOSTCC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC_FOR_BUILD) -std=c11 -O1 $(WARNINGS) -Iinclude -Idriver $(shell $(PKG_CONFIG_FOR_BUILD) --cflags freetype2) \
		-o $@ $< $(shell $(PKG_CONFIG_FOR_BUILD) --libs freetype2)

$(SIMULATOR_FONTS).bin: $(BUILD)/gen/mkfont
	$(call say,FONTS,$@)
	$(Q)$(BUILD)/gen/mkfont $@ $(TERMINUS_DIR)/ter-u24b_unicode.pcf.gz $(TERMINUS_DIR)/ter-u16n_unicode.pcf.gz $(UNIFONT_HEX)

$(SIMULATOR_FONTS).o: $(SIMULATOR_FONTS).bin
	$(Q)printf '%s\n' '.section .rodata' '.balign 16' '.hidden kw_sim_font_block' '.globl kw_sim_font_block' \
		'kw_sim_font_block:' '.incbin "$<"' '.section .note.GNU-stack,"",%progbits' > $(@:.o=.s)
	$(Q)$(CC) -c $(@:.o=.s) -o $@

LIB_EXTRA_OBJ += $(SIMULATOR_FONTS).o

# The library whose header this is built with; it is loaded when a symbol is drawn.
ZINT_SONAME ?= $(notdir $(firstword $(wildcard $(addsuffix /libzint.so.2.[0-9][0-9],$(LIBRARY_DIRS))) libzint.so.2.11))
CFLAGS_driver_simulator_zint := -DKW_ZINT_SONAME='"$(ZINT_SONAME)"'
