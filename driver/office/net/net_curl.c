/* net_curl.c - mails and POSTs by libcurl, whose only user it is; becomes kwit-net.so. */
#include "office/net/net.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

enum { HTTP_TIMEOUT = 408, HTTP_TOO_MANY = 429, CONNECT_MS = 10000 };

struct reading { const char *at; size_t left; };

static size_t read_message(char *out, size_t size, size_t count, void *data)
{
    struct reading *reading = data;
    size_t length = size * count < reading->left ? size * count : reading->left;
    memcpy(out, reading->at, length);
    reading->at += length;
    reading->left -= length;
    return length;
}

/* What a server says beside its status is nothing to us. */
static size_t drop(char *bytes, size_t size, size_t count, void *data)
{
    (void)bytes, (void)data;
    return size * count;
}

struct response { char *at; size_t room, length; };

/* More than there is room for is no answer of ours. */
static size_t keep(char *bytes, size_t size, size_t count, void *data)
{
    struct response *response = data;
    size_t length = size * count;
    if (length > response->room - response->length)
        return 0;
    memcpy(response->at + response->length, bytes, length);
    response->length += length;
    return length;
}

static int ask(void *data, curl_off_t down_total, curl_off_t down, curl_off_t up_total, curl_off_t up)
{
    const struct kw_net_patience *patience = data;
    (void)down_total, (void)down, (void)up_total, (void)up;
    return patience->go_on(patience->data) ? 0 : 1;
}

static CURL *begin(const char *url, const char *protocols, int64_t deadline_ms, const struct kw_net_patience *patience)
{
    CURL *curl = curl_easy_init();
    if (!curl)
        return NULL;
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, protocols);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)deadline_ms);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)(deadline_ms < CONNECT_MS ? deadline_ms : CONNECT_MS));
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
    if (patience->go_on) {
        curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, ask);
        curl_easy_setopt(curl, CURLOPT_XFERINFODATA, patience);
        curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    }
    return curl;
}

static void tell(struct kw_net_answer *answer, const char *text, long status)
{
    snprintf(answer->text, sizeof answer->text, status > 0 ? "%s (%ld)" : "%s", text, status);
}

/* A server's own "no, never" (5xx) is the end; all else may pass, also that it lets nobody in (RFC 4954). */
static void send_now(CURL *curl, struct kw_net_answer *answer)
{
    long status = 0;
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    answer->done = code == CURLE_OK;
    const bool is_kept_out = code == CURLE_LOGIN_DENIED || status == 530 || status == 534 || status == 535;
    answer->final = !answer->done && status >= 500 && status < 600 && !is_kept_out;
    tell(answer, answer->done ? "" : status >= 400 ? "the server refused it" : curl_easy_strerror(code),
         answer->done ? 0 : status);
}

static void mail(const struct kw_net_mail *mail, struct kw_net_answer *answer)
{
    struct reading reading = { mail->message, mail->length };
    struct curl_slist *to = NULL;
    CURL *curl = begin(mail->server, "smtp,smtps", mail->deadline_ms, &mail->patience);
    *answer = (struct kw_net_answer){ .text = "out of memory" };
    if (!curl)
        return;
    for (int i = 0; i < KW_NET_RECIPIENTS && mail->to[i]; i++) {
        struct curl_slist *more = curl_slist_append(to, mail->to[i]);
        to = more ? more : to;
    }
    curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)(mail->plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, mail->from);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, read_message);
    curl_easy_setopt(curl, CURLOPT_READDATA, &reading);
    if (mail->user) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, mail->user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, mail->password ? mail->password : "");
    }
    if (to)
        send_now(curl, answer);
    curl_slist_free_all(to);
    curl_easy_cleanup(curl);
}

static void post(const struct kw_net_post *post, struct kw_net_answer *answer)
{
    struct response response = { post->response, post->room, 0 };
    struct curl_slist *headers = NULL;
    long status = 0;
    CURL *curl = begin(post->url, "http,https", post->deadline_ms, &post->patience);
    *answer = (struct kw_net_answer){ .text = "out of memory" };
    if (!curl)
        return;
    for (int i = 0; i < KW_NET_HEADERS && post->headers[i]; i++) {
        struct curl_slist *more = curl_slist_append(headers, post->headers[i]);
        headers = more ? more : headers;
    }
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post->length);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, post->body);
    if (post->socket)
        curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, post->socket);
    if (post->ca_file)
        curl_easy_setopt(curl, CURLOPT_CAINFO, post->ca_file);
    if (post->response) {
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, &response);
    }
    CURLcode code = curl_easy_perform(curl);
    curl_off_t after = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &after) == CURLE_OK)
        answer->retry_after_s = after;
    answer->status = code == CURLE_OK ? status : 0;
    answer->length = response.length;
    answer->done = code == CURLE_OK && status >= 200 && status < 300;
    answer->final = code == CURLE_OK && status >= 300 && status < 500 && status != HTTP_TIMEOUT
        && status != HTTP_TOO_MANY;
    tell(answer, answer->done ? "" : code == CURLE_OK ? "it was not taken" : curl_easy_strerror(code),
         answer->done ? 0 : status);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
}

extern const struct kw_net_calls kw_net_module __attribute__((visibility("default")));
const struct kw_net_calls kw_net_module = { KW_NET_VERSION, mail, post };
