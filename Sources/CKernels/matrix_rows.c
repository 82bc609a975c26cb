#include "matrix_rows.h"

#include "every_width.h"

#pragma STDC FP_CONTRACT OFF

#define UNROLLED _Pragma("clang loop unroll(full)")

/// 16 numbers anywhere in memory: one register, or as many as the processor needs.
typedef float numbers __attribute__((vector_size(64), aligned(4), may_alias));
enum { lanes = 16, block = 4096 };

#define AT(p) (*(const numbers *)(p))

/// Four rows, or one, times the vector.
#define DOT(rows)                                                                                \
  do {                                                                                           \
    numbers totals[rows];                                                                        \
    float rest[rows];                                                                            \
    UNROLLED for (int k = 0; k < rows; k++) totals[k] = (numbers){ 0 }, rest[k] = 0;             \
    const float *row = matrix + r * width;                                                       \
    intptr_t i = 0;                                                                               \
    while (i + lanes <= width) {                                                                 \
      const intptr_t end = i + block < width ? i + block : width;                                 \
      numbers sums[rows];                                                                        \
      UNROLLED for (int k = 0; k < rows; k++) sums[k] = (numbers){ 0 };                          \
      for (; i + lanes <= end; i += lanes) {                                                     \
        UNROLLED for (int k = 0; k < rows; k++) sums[k] += AT(row + k * width + i) * AT(x + i);  \
      }                                                                                          \
      UNROLLED for (int k = 0; k < rows; k++) totals[k] += sums[k];                              \
    }                                                                                            \
    for (; i < width; i++) {                                                                     \
      UNROLLED for (int k = 0; k < rows; k++) rest[k] += row[k * width + i] * x[i];              \
    }                                                                                            \
    UNROLLED for (int k = 0; k < rows; k++) {                                                    \
      for (int lane = 0; lane < lanes; lane++) rest[k] += totals[k][lane];                       \
      y[r + k] = bias ? rest[k] + bias[r + k] : rest[k];                                         \
    }                                                                                            \
  } while (0)

EVERY_WIDTH void lrp_matrix_times_vector(const float *matrix, const float *x, const float *bias, float *y,
                                         intptr_t width, intptr_t first, intptr_t last) {
  intptr_t r = first;
  for (; r + 4 <= last; r += 4) DOT(4);
  for (; r < last; r++) DOT(1);
}

EVERY_WIDTH void lrp_add_matrix_rows(const float *matrix, const intptr_t *rows, const float *factors, intptr_t count,
                                     float *target, intptr_t width, intptr_t first, intptr_t last) {
  // A piece of the result stays in the first cache while all rows pass by.
  for (intptr_t start = first; start < last; start += block) {
    const intptr_t end = start + block < last ? start + block : last;
    for (intptr_t i = start; i < end; i++) target[i] = 0;
    for (intptr_t n = 0; n < count; n += lrp_matrix_rows) {
      const float *from[lrp_matrix_rows];
      UNROLLED for (int k = 0; k < lrp_matrix_rows; k++) from[k] = matrix + rows[n + k] * width;
      const float *f = factors + n;
      intptr_t i = start;
      for (; i + lanes <= end; i += lanes) {
        *(numbers *)(target + i) +=
            ((AT(from[0] + i) * f[0] + AT(from[1] + i) * f[1]) + (AT(from[2] + i) * f[2] + AT(from[3] + i) * f[3])) +
            ((AT(from[4] + i) * f[4] + AT(from[5] + i) * f[5]) + (AT(from[6] + i) * f[6] + AT(from[7] + i) * f[7]));
      }
      for (; i < end; i++) {
        for (int k = 0; k < lrp_matrix_rows; k++) target[i] += from[k][i] * f[k];
      }
    }
  }
}
