# text.mk - the pictures of receipts that the README shows.

pictures: all                                      ## draw the README's receipts in five languages
	@sh tests/pictures/make.sh $(BUILD)

.PHONY: pictures
