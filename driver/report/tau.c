/* tau.c - Kendall's tau-b of a table, with its variance. */
#include "report/tau.h"

#include <math.h>

struct margins { double rows[KW_TAU_GRADES], columns[KW_TAU_GRADES], n; };

static struct margins sum_margins(const struct kw_tau_table *table)
{
    struct margins margins = { .n = 0 };
    for (int a = 0; a < KW_TAU_GRADES; a++)
        for (int b = 0; b < KW_TAU_GRADES; b++) {
            const double count = (double)table->counts[a][b];
            margins.rows[a] += count;
            margins.columns[b] += count;
            margins.n += count;
        }
    return margins;
}

/* Those that agree with somebody at (a, b), less those that disagree. */
static double surplus(const struct kw_tau_table *table, int a, int b)
{
    double sum = 0;
    for (int i = 0; i < KW_TAU_GRADES; i++)
        for (int j = 0; j < KW_TAU_GRADES; j++)
            sum += (double)table->counts[i][j] * ((i > a) - (i < a)) * ((j > b) - (j < b));
    return sum;
}

/* Pairs that a margin does not tie, each twice. */
static double untied(const double margin[KW_TAU_GRADES], double n)
{
    double sum = n * n;
    for (int i = 0; i < KW_TAU_GRADES; i++)
        sum -= margin[i] * margin[i];
    return sum;
}

bool kw_tau_b(const struct kw_tau_table *table, struct kw_tau *tau)
{
    const struct margins m = sum_margins(table);
    const double rows = untied(m.rows, m.n), columns = untied(m.columns, m.n), w = sqrt(rows * columns);
    double agree = 0, squares = 0;
    if (!(w > 0))
        return false;
    for (int a = 0; a < KW_TAU_GRADES; a++)
        for (int b = 0; b < KW_TAU_GRADES; b++)
            agree += (double)table->counts[a][b] * surplus(table, a, b);
    tau->value = agree / w;
    for (int a = 0; a < KW_TAU_GRADES; a++)
        for (int b = 0; b < KW_TAU_GRADES; b++) {
            const double part = 2 * w * surplus(table, a, b)
                              + tau->value * (m.rows[a] * columns + m.columns[b] * rows);
            squares += (double)table->counts[a][b] * part * part;
        }
    const double mean = m.n * m.n * m.n * tau->value * tau->value * (rows + columns) * (rows + columns);
    tau->deviation = sqrt(fmax(0, squares - mean)) / (w * w);
    return true;
}

/* The deviation that a normal variable exceeds with that probability, by halving. */
static double normal_above(double p)
{
    double low = 0, high = 10;
    for (int i = 0; i < 60; i++) {
        const double middle = (low + high) / 2;
        if (0.5 * erfc(middle / sqrt(2)) > p)
            low = middle;
        else
            high = middle;
    }
    return low;
}

struct kw_interval kw_tau_interval(const struct kw_tau *tau, int family)
{
    const double edge = 0.999999, value = fmax(-edge, fmin(edge, tau->value)), z = normal_above(0.025 / family),
                 reach = z * tau->deviation / (1 - value * value), centre = atanh(value);
    return (struct kw_interval){ tanh(centre - reach), tanh(centre + reach) };
}
