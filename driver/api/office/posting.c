/* posting.c - what a notice says is written, and handed to whoever carries it. */
#include "api/office/posting.h"

#include "base/net.h"
#include "office/link.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CEILING = 64 * 1024, DEADLINE_MS = 20000, SECRET = 512, ADDRESSES = 1024 };

static void fail(struct kw_net_answer *answer, bool final, const char *text)
{
    answer->done = false;
    answer->final = final;
    snprintf(answer->text, sizeof answer->text, "%.*s", KW_NET_TEXT - 1, text);
}

static bool load(struct kw_telling *telling, struct kw_net_answer *answer)
{
    struct kw_error error;
    if (!telling->net && kw_module_open("kwit-net.so", &telling->module, &error) == 0)
        telling->net = kw_module_table(telling->module, KW_NET_SYMBOL, KW_NET_VERSION, &error);
    if (telling->net)
        return true;
    fail(answer, false, "the module kwit-net.so is not here or of another version; install the package kwit-office");
    return false;
}

/* A small file of secrets, "" where none is named; false: it cannot be read, and nothing goes out without it. */
static bool read_secret(const char *key, const char *path, char out[SECRET], struct kw_net_answer *answer)
{
    char text[KW_NET_TEXT];
    int handle = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    ssize_t length = handle < 0 ? -1 : read(handle, out, SECRET - 1);
    if (path && length < 0) {
        snprintf(text, sizeof text, "%s of [office], %.100s: %s; let this user read it", key, path, strerror(errno));
        fail(answer, false, text);
    }
    out[length > 0 ? length : 0] = 0;
    if (handle >= 0)
        close(handle);
    return !path || length >= 0;
}

/* ---- mail --------------------------------------------------------------------------------------------------- */

/* Host of the office's address, for ids of messages. */
static void put_host(const char *url, char *out, size_t size)
{
    const char *host = url ? strstr(url, "://") : NULL;
    snprintf(out, size, "%.*s", host ? (int)strcspn(host + 3, ":/") : 10, host ? host + 3 : "kwit.local");
}

/* "a@b, Name <c@d>": the addresses alone, one after the other in `room`. */
static void split_addresses(const char *list, char room[ADDRESSES], const char *out[KW_NET_RECIPIENTS])
{
    size_t used = 0, count = 0;
    for (int i = 0; i < KW_NET_RECIPIENTS; i++)
        out[i] = NULL;
    while (*list && count < KW_NET_RECIPIENTS) {
        size_t part = strcspn(list, ",");
        const char *open = memchr(list, '<', part), *from = open ? open + 1 : list + strspn(list, " ");
        size_t length = strcspn(from, "<>, ");
        if (length > 0 && used + length + 1 < ADDRESSES) {
            memcpy(room + used, from, length);
            room[used + length] = 0;
            out[count++] = room + used;
            used += length + 1;
        }
        list += part + (list[part] == ',');
    }
}

/* Written whole under a name of its own, so that whoever carries mails away never finds half of one. */
static void write_file(struct kw_telling *telling, const struct kw_mail *mail, const struct kw_buffer *text,
                       struct kw_net_answer *answer)
{
    char name[80];
    struct kw_error error;
    const bool first = mail->kind < KW_NOTICE_REMINDER, digest = mail->kind == KW_NOTICE_DIGEST;
    snprintf(name, sizeof name, "mail/%s-%lld%s%s.eml", digest ? "digest" : "alert", (long long)mail->number,
             first || digest ? "" : "-", first || digest ? "" : kw_notice_word(mail->kind));
    answer->done = kw_state_write(telling->call->state, name, text->data, text->length, 0600, &error) == 0;
    if (!answer->done)
        fail(answer, false, error.text);
}

static void send_mail(struct kw_telling *telling, const struct kw_mail_rules *rules, const struct kw_buffer *text,
                      struct kw_net_answer *answer)
{
    const struct kw_config_office *office = &telling->call->config.office;
    char password[SECRET] = "", to[ADDRESSES], from[ADDRESSES];
    const char *senders[KW_NET_RECIPIENTS];
    if (!load(telling, answer) || !read_secret("mail_password_file", office->mail_password_file, password, answer))
        return;
    password[strcspn(password, "\r\n")] = 0;
    struct kw_net_mail mail = { .server = office->mail_server, .plain = kw_net_url_is_here(office->mail_server),
                                .user = office->mail_user, .password = password,
                                .message = text->data, .length = text->length, .deadline_ms = DEADLINE_MS,
                                .patience = telling->patience };
    split_addresses(rules->to, to, mail.to);
    split_addresses(rules->from, from, senders);
    mail.from = senders[0];
    if (mail.to[0] && mail.from)
        telling->net->mail(&mail, answer);
    else
        fail(answer, true, "mail_to and mail_from of [office] must be addresses");
    kw_key_wipe(password, sizeof password);
}

void kw_posting_mail(struct kw_telling *telling, const struct kw_mail *mail, struct kw_net_answer *answer)
{
    const struct kw_config *config = &telling->call->config;
    const struct kw_config_office *office = &config->office;
    char host[80], link[256] = "", list[256] = "", code[KW_LINK_TEXT];
    put_host(office->url, host, sizeof host);
    const char *locale = config->store.locale;
    const char *to = mail->kind == KW_NOTICE_ESCALATION ? office->escalate_to : office->mail_to;
    const struct kw_mail_rules rules = { .from = office->mail_from ? office->mail_from : "kwit@localhost",
                                         .to = to ? to : "owner@localhost",
                                         .shop = config->store.name ? config->store.name : "kwit", .host = host,
                                         .language = kw_staff_language(locale ? locale : "", 0),
                                         .with_comment = office->mail_comment };
    struct kw_mail whole = *mail;
    struct kw_buffer text;
    if (mail->alert && telling->url) {
        const struct kw_linked about = { (uint32_t)mail->number, (uint32_t)(mail->alert->raised_ms / 1000) };
        kw_link_make(telling->link_key, &about, mail->now_ms, code);
        snprintf(link, sizeof link, "%s/a/%s", telling->url, code);
        whole.link = link;
    }
    if (telling->url) {
        snprintf(list, sizeof list, "%s/staff/alerts", telling->url);
        whole.list = list;
    }
    kw_buffer_init(&text, CEILING + (mail->day ? mail->day->silent.length : 0));
    kw_mail_write(&rules, &whole, &text);
    if (text.failed)
        fail(answer, false, "out of memory");
    else if (office->mail_server)
        send_mail(telling, &rules, &text, answer);
    else
        write_file(telling, mail, &text, answer);
    kw_buffer_free(&text);
}

/* ---- webhook ------------------------------------------------------------------------------------------------ */

void kw_posting_webhook(struct kw_telling *telling, const struct kw_mail *mail, struct kw_net_answer *answer)
{
    const struct kw_config_office *office = &telling->call->config.office;
    const struct kw_mail_rules rules = { .with_comment = office->mail_comment };
    char secrets[SECRET], name[KW_MAIL_NAME], id[KW_MAIL_NAME + 16], named[96], dated[64];
    struct kw_buffer body, signature;
    if (!load(telling, answer))
        return;
    if (strncmp(office->webhook, "https://", 8) != 0 && !kw_net_url_is_here(office->webhook)) {
        fail(answer, true, "webhook of [office] begins with https://");
        return;
    }
    const int64_t time_s = mail->now_ms / 1000;
    if (!read_secret("webhook_secret_file", office->webhook_secret_file, secrets, answer))
        return;
    kw_mail_name(mail, name);
    snprintf(id, sizeof id, "%s.%s", name, kw_notice_word(mail->kind));
    snprintf(named, sizeof named, "webhook-id: %s", id);
    snprintf(dated, sizeof dated, "webhook-timestamp: %lld", (long long)time_s);
    kw_buffer_init(&body, CEILING);
    kw_buffer_init(&signature, CEILING);
    kw_mail_write_json(&rules, mail, &body);
    kw_buffer_text(&signature, "webhook-signature: ");
    const size_t before = signature.length;
    kw_mail_sign(secrets, id, time_s, &body, &signature);
    const struct kw_net_post post = { .url = office->webhook,
                                      .headers = { "Content-Type: application/json", named, dated,
                                                   signature.length > before ? kw_buffer_string(&signature) : NULL },
                                      .body = body.data, .length = body.length, .deadline_ms = DEADLINE_MS,
                                      .patience = telling->patience };
    if (body.failed || signature.failed)
        fail(answer, false, "out of memory");
    else
        telling->net->post(&post, answer);
    kw_key_wipe(secrets, sizeof secrets);
    kw_buffer_free(&body);
    kw_buffer_free(&signature);
}
