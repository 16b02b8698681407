# maps.mk - the rows of driver/data/maps become texts in the library, so that nothing has to be found when it runs.

MAPS := $(sort $(wildcard driver/data/maps/*.map))

$(BUILD)/gen/maps.def: $(MAPS)
	$(call say,GEN,$@)
	@mkdir -p $(@D)
	$(Q)for map in $(MAPS); do \
		printf 'MAP("%s",\n' "$$(basename $$map .map)"; \
		sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/.*/"&\\n"/' $$map; \
		echo ')'; \
	done > $@.new && mv $@.new $@

$(call objects,driver/inputs/maps/builtin.c): $(BUILD)/gen/maps.def
