/* named.h - what a printer that is open says of itself, before anything is sent to it. */
#ifndef KW_API_SETUP_NAMED_H
#define KW_API_SETUP_NAMED_H

#include "delivery/talk.h"
#include "profile/profile.h"

/*
 * Asks it for maker and model (talk->names, empty where it says none), where it answers in form how it is. Returns the
 * profile of that name, or NULL.
 */
const struct kw_profile *kw_named_ask(struct kw_link *link, struct kw_talk *talk);

#endif
