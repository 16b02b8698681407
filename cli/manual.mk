# manual.mk - the manual pages and the shell's completion: they say what the command says of itself.

MANDIR ?= $(DATADIR)/man
COMPLETIONDIR ?= $(DATADIR)/bash-completion/completions

# A chapter's heading, `# name(section): what it is`, names the page that it becomes; one without is for readers of the code.
CHAPTERS := $(shell grep -lE '^. [a-z.-]+\([0-9]\): ' cli/manual/*.md include/kwit/*.md)
page_of = $(BUILD)/man/$(shell sh cli/manual.sh name $(1))
COMMANDS := $(shell grep -o '^COMMAND[^,]*' cli/commands.def | cut -d'"' -f2)
PAGES := $(BUILD)/man/kwit.1 $(patsubst %,$(BUILD)/man/kwit-%.1,$(COMMANDS)) $(foreach chapter,$(CHAPTERS),$(call page_of,$(chapter)))

ALL_EXTRA += $(PAGES)
INSTALL_EXTRA += install-manual
UNINSTALL_EXTRA += uninstall-manual

$(BUILD)/man/kwit.1: $(BUILD)/kwit cli/manual.sh README.md
	$(call say,MAN,$@)
	@mkdir -p $(@D)
	$(Q)sh cli/manual.sh summary $(BUILD)/kwit README.md > $@.new && mv $@.new $@

$(BUILD)/man/kwit-%.1: $(BUILD)/kwit cli/manual.sh
	$(call say,MAN,$@)
	@mkdir -p $(@D)
	$(Q)sh cli/manual.sh command $(BUILD)/kwit $* > $@.new && mv $@.new $@

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
	install -D -m 644 cli/completion.bash $(DESTDIR)$(COMPLETIONDIR)/kwit

uninstall-manual:
	for page in $(PAGES); do rm -f "$(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/}"; done
	rm -f $(DESTDIR)$(COMPLETIONDIR)/kwit

.PHONY: install-manual uninstall-manual
