/* till.c SALE.json ID - prints a receipt in process and acts on what became of it.
   cc till.c $(pkg-config --cflags --libs kwit) */
#include <kwit/kwit.h>
#include <kwit/tool.h>
#include <stdio.h>
#include <stdlib.h>

static int settle(kwit_context *context, const char *id)
{
    char reply[8] = "";
    printf("Did the receipt come out? [y/n] ");
    if (!fgets(reply, sizeof reply, stdin))
        return 76;
    kwit_result *result;
    const struct kwit_sale_name sale = { .id = id };
    kwit_resolve(context, &sale, NULL, reply[0] == 'y' || reply[0] == 'Y', &result);
    int status = kwit_result_exit(result);
    printf("%s", kwit_result_text(result));
    kwit_result_free(result);
    return status;
}

static int print_receipt(kwit_context *context, const char *sale, size_t length, const char *id)
{
    kwit_result *result;
    kwit_print(context, sale, length, NULL, &result);
    int status = kwit_result_exit(result);
    switch (status) {
    case 0: printf("done: %s\n", kwit_outcome_word(kwit_result_outcome(result))); break;
    case 75: printf("the receipt prints by itself - %s", kwit_result_text(result)); break;
    case 76: status = settle(context, id); break;
    default: printf("kwit: %s", kwit_result_text(result));
    }
    kwit_result_free(result);
    return status;
}

int main(int argc, char **argv)
{
    enum { SALE_BYTES_MAX = 4 * 1024 * 1024 };
    if (argc != 3) {
        fprintf(stderr, "usage: till SALE.json ID\n");
        return 64;
    }
    char *sale = malloc(SALE_BYTES_MAX);
    FILE *file = fopen(argv[1], "rb");
    size_t length = file && sale ? fread(sale, 1, SALE_BYTES_MAX, file) : 0;
    if (file)
        fclose(file);
    kwit_context *context;
    int status = 70;
    if (kwit_context_new(NULL, &context) == 0) {
        status = print_receipt(context, sale ? sale : "", length, argv[2]);
        kwit_context_free(context);
    }
    free(sale);
    return status;
}
