# manual.mk - the manual page and the shell's completion: both say what the command says of itself.

MANDIR ?= $(DATADIR)/man/man1
COMPLETIONDIR ?= $(DATADIR)/bash-completion/completions

ALL_EXTRA += $(BUILD)/kwit.1
INSTALL_EXTRA += install-manual
UNINSTALL_EXTRA += uninstall-manual

$(BUILD)/kwit.1: $(BUILD)/kwit cli/manual.sh README.md
	$(call say,GEN,$@)
	$(Q)sh cli/manual.sh $(BUILD)/kwit README.md > $@.new && mv $@.new $@

install-manual: $(BUILD)/kwit.1
	install -d $(DESTDIR)$(MANDIR) $(DESTDIR)$(COMPLETIONDIR)
	install -m 644 $(BUILD)/kwit.1 $(DESTDIR)$(MANDIR)/kwit.1
	install -m 644 cli/completion.bash $(DESTDIR)$(COMPLETIONDIR)/kwit

uninstall-manual:
	rm -f $(DESTDIR)$(MANDIR)/kwit.1 $(DESTDIR)$(COMPLETIONDIR)/kwit

.PHONY: install-manual uninstall-manual
