/* fold.h - texts compared as people read them: header names, labels of scales, words on paper. */
#ifndef KW_BASE_FOLD_H
#define KW_BASE_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KW_FOLD = 1024 };

/*
 * Small letters, ASCII digits, plain quotes and hyphens, one blank for any run of blanks and none at the ends; marks
 * that are not seen are left out. What does not fit is cut off. Returns the length.
 */
size_t kw_fold(const char *text, char out[KW_FOLD]);
/*
 * Latin letters of a folded text without their marks, for what is often written so ("annulee", "do zaplaty"); the
 * letters that are two become two.
 */
void kw_fold_plain(char *text);
/* One sign folded, behind those that are not seen; 0 at the end. */
uint32_t kw_fold_next(const char *text, size_t length, size_t *at);
bool kw_fold_same(const char *a, const char *b);

#endif
