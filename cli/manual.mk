# manual.mk - the manual pages and the shells' completion: they say what the command says of itself.

MANDIR ?= $(DATADIR)/man
EXAMPLEDIR ?= $(DATADIR)/doc/kwit/examples
COMPLETIONDIR ?= $(DATADIR)/bash-completion/completions
ZSHDIR ?= $(DATADIR)/zsh/vendor-completions
FISHDIR ?= $(DATADIR)/fish/vendor_completions.d

# A chapter's heading, `# name(section): what it is`, names the page that it becomes; one without is for readers of the code.
CHAPTERS := $(shell grep -lE '^. [a-z.-]+\([0-9]\): ' cli/manual/*.md include/kwit/*.md)
page_of = $(BUILD)/man/$(shell sh cli/manual.sh name $(1))
COMMANDS := $(shell grep -o '^COMMAND[^,]*' cli/commands.def | cut -d'"' -f2)
PAGES := $(BUILD)/man/kwit.1 $(patsubst %,$(BUILD)/man/kwit-%.1,$(COMMANDS)) $(foreach chapter,$(CHAPTERS),$(call page_of,$(chapter)))

ALL_EXTRA += $(PAGES)
INSTALL_EXTRA += install-manual
UNINSTALL_EXTRA += uninstall-manual

# A command for another machine cannot be asked: then the same sources without their library are, which know their help.
HELPER := $(if $(CROSS),$(BUILD)/gen/kwit-help,$(BUILD)/kwit)

$(BUILD)/gen/no_library.c: include/kwit/kwit.h include/kwit/tool.h
	@mkdir -p $(@D)
	$(Q)sed -n -e '/kwit_version(/d' -e 's/^KWIT_API .*\(kwit_[a-z_]*\)(.*/int \1(void); int \1(void) { return 0; }/p' $^ > $@
	$(Q)echo 'const char *kwit_version(void); const char *kwit_version(void) { return "$(VERSION)"; }' >> $@

$(BUILD)/gen/kwit-help: $(filter-out cli/lazy_math.c,$(CLI_SRC)) $(BUILD)/gen/no_library.c
	$(call say,HOSTCC,$@)
	$(Q)$(CC_FOR_BUILD) -std=c11 -D_GNU_SOURCE -O0 $(WARNINGS) -Iinclude -o $@ $^

$(BUILD)/man/kwit.1: $(HELPER) cli/manual.sh README.md
	$(call say,MAN,$@)
	@mkdir -p $(@D)
	$(Q)sh cli/manual.sh summary $(HELPER) README.md > $@.new && mv $@.new $@

$(BUILD)/man/kwit-%.1: $(HELPER) cli/manual.sh
	$(call say,MAN,$@)
	@mkdir -p $(@D)
	$(Q)sh cli/manual.sh command $(HELPER) $* > $@.new && mv $@.new $@

define chapter_rule
$(call page_of,$(1)): $(1) cli/manual.sh
	$$(call say,MAN,$$@)
	@mkdir -p $$(@D)
	$$(Q)sh cli/manual.sh page $$< $$(VERSION) > $$@.new && mv $$@.new $$@
endef
$(foreach chapter,$(CHAPTERS),$(eval $(call chapter_rule,$(chapter))))

install-manual: $(PAGES)
	for page in $(PAGES); do \
		install -D -m 644 "$$page" "$(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/}" || exit 1; done
	install -d $(DESTDIR)$(EXAMPLEDIR)
	install -m 644 $(wildcard cli/manual/examples/*) $(DESTDIR)$(EXAMPLEDIR)/
	install -m 644 tests/fixtures/sales/example.json $(DESTDIR)$(EXAMPLEDIR)/sale.json
	install -D -m 644 cli/completion.bash $(DESTDIR)$(COMPLETIONDIR)/kwit
	install -D -m 644 cli/completion.zsh $(DESTDIR)$(ZSHDIR)/_kwit
	install -D -m 644 cli/completion.fish $(DESTDIR)$(FISHDIR)/kwit.fish

uninstall-manual:
	for page in $(PAGES); do rm -f "$(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/}"; done
	rm -rf $(DESTDIR)$(EXAMPLEDIR)
	rm -f $(DESTDIR)$(COMPLETIONDIR)/kwit $(DESTDIR)$(ZSHDIR)/_kwit $(DESTDIR)$(FISHDIR)/kwit.fish

.PHONY: install-manual uninstall-manual
