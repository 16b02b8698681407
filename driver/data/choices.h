/* choices.h - an enum for each list of choices.def: what the configuration chose, for the rooms that act on it. */
#ifndef KW_DATA_CHOICES_H
#define KW_DATA_CHOICES_H

#define NUMBERS(list, enumeration) enum enumeration {
#define NUMBER(name, number, word) KW_##name = number,
#define END_NUMBERS(list) };
#include "data/choices.def"

#endif
