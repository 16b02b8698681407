/* floor.c - the least a program can cost: linked statically, it only exits. kwit's cost is told as a multiple of it. */
int main(void)
{
    return 0;
}
