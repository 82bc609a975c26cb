#pragma once
// Products of a matrix with a single vector, which take as long as reading the matrix: several rows at a time, in the
// order of memory, for the widest registers of the processor.
#include <stdint.h>

/// Writes `y = W x + b` for rows `first..<last` of a matrix `(rows, width)`; `bias` may be NULL.
///
/// Sums are cut after some thousand products.
void lrp_matrix_times_vector(const float *matrix, const float *x, const float *bias, float *y, intptr_t width,
                             intptr_t first, intptr_t last);

/// Rows that ``lrp_add_matrix_rows`` reads at a time.
enum { lrp_matrix_rows = 8 };

/// Writes `Σ factor · row` for columns `first..<last` of some rows of a matrix, a multiple of ``lrp_matrix_rows``.
void lrp_add_matrix_rows(const float *matrix, const intptr_t *rows, const float *factors, intptr_t count, float *target,
                         intptr_t width, intptr_t first, intptr_t last);
