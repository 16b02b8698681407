/* http_reaper.h - a deadline for a whole request, however slowly its bytes drip. Part of the HTTP module. */
#ifndef KW_OFFICE_HTTP_HTTP_REAPER_H
#define KW_OFFICE_HTTP_HTTP_REAPER_H

struct kw_http_reaper;

/* With a thread of its own; NULL: there is none to be had. */
struct kw_http_reaper *kw_http_reaper_new(unsigned deadline_s);
void kw_http_reaper_free(struct kw_http_reaper *reaper);

/* A connection came: the time for its first request runs. It is known by its address until it is removed. */
void kw_http_reaper_add(struct kw_http_reaper *reaper, const void *connection, int handle);
void kw_http_reaper_remove(struct kw_http_reaper *reaper, const void *connection);
/* A request begins: its time runs. It is whole: nothing more is asked of the client. */
void kw_http_reaper_begin(struct kw_http_reaper *reaper, const void *connection);
void kw_http_reaper_whole(struct kw_http_reaper *reaper, const void *connection);

#endif
