/*
 * disk.c - disk FILE: the least that keeping a receipt can cost on this disk: appends as many bytes as a short sale
 * adds to the journal and waits until they are on it, once.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 20 };

int main(int argc, char **argv)
{
    char page[PAGE];
    memset(page, 'x', sizeof page);
    int file = argc == 2 ? open(argv[1], O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
    for (int i = 0; file >= 0 && i < PAGES; i++)
        if (write(file, page, sizeof page) != PAGE)
            return 1;
    return file < 0 || fdatasync(file) != 0;
}
