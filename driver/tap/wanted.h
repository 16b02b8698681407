/* wanted.h - what a printer is waited for to say. */
#ifndef KW_TAP_WANTED_H
#define KW_TAP_WANTED_H

struct kw_tap_wanted {
    unsigned blocks;                /* of automatic status, which GS a n begins with, */
    unsigned answers;               /* and everything else */
};

#endif
