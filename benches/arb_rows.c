/* The tail form of w on rows of f32 logits by Arb, for the bench `reference`: what it is measured against.
 *
 * usage: arb_rows FILE ROWS COLUMNS BITS...
 * FILE holds ROWS * COLUMNS little-endian floats. For each BITS a line is printed: the bits, the processor
 * seconds that the rows took, and w of the first row. Action 0 is the chosen one. Only what w needs is computed: the sum of the
 * exponentials and the sum of their squares.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#if __has_include(<arb.h>)
#include <arb.h> /* Arb until 2.23 */
#else
#include <flint/arb.h> /* part of FLINT 3 */
#endif

static void tail_form(arb_t w, const float *z, long columns, slong bits) {
    arb_t d, e, rest, squares, own;
    float largest = z[0];
    for (long i = 1; i < columns; i++)
        if (z[i] > largest) largest = z[i];
    arb_init(d), arb_init(e), arb_init(rest), arb_init(squares), arb_init(own);
    for (long i = 0; i < columns; i++) {
        /* The difference of two floats is exact in a double unless they are far apart; then it is below the last bit. */
        arb_set_d(d, (double)z[i] - (double)largest);
        arb_exp(e, d, bits);
        if (i == 0) {
            arb_set(own, e);
        } else {
            arb_add(rest, rest, e, bits);
            arb_addmul(squares, e, e, bits);
        }
    }
    arb_add(own, own, rest, bits);
    arb_mul(w, rest, rest, bits);
    arb_add(w, w, squares, bits);
    arb_mul(own, own, own, bits);
    arb_div(w, w, own, bits);
    arb_clear(d), arb_clear(e), arb_clear(rest), arb_clear(squares), arb_clear(own);
}

int main(int count, char **args) {
    if (count < 5) return 2;
    long rows = atol(args[2]), columns = atol(args[3]);
    float *z = malloc(sizeof(float) * rows * columns);
    FILE *file = fopen(args[1], "rb");
    if (!z || !file || fread(z, sizeof(float), rows * columns, file) != (size_t)(rows * columns)) return 2;
    for (int i = 4; i < count; i++) {
        slong bits = atol(args[i]);
        arb_t w, first;
        arb_init(w), arb_init(first);
        clock_t start = clock();
        for (long row = 0; row < rows; row++) {
            tail_form(w, z + row * columns, columns, bits);
            if (row == 0) arb_set(first, w);
        }
        double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        char *text = arb_get_str(first, 30, 0);
        printf("%ld %.9f %s\n", (long)bits, seconds, text);
        flint_free(text);
        arb_clear(w), arb_clear(first);
    }
    return 0;
}
