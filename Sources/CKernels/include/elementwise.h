#pragma once
// Loops over elements for the widest registers of the processor they run on: one compilation for each instruction set,
// chosen when the program starts. Swift compiles a whole module for the oldest one.
//
// Nothing is contracted: results are the same, bit for bit, on every processor. Targets may be one of the sources.
#include <stdint.h>

/// `r / (z + ε·sign(z))`
void lrp_quotient(const float *r, const float *z, float epsilon, float *target, int64_t count);

/// `factor · c · x / (z + ε·sign(z))`
void lrp_product_quotient(const float *c, const float *x, const float *z, float factor, float epsilon, float *target,
                          int64_t count);

/// `factor · x · (x < 0 ? negative : positive)`
void lrp_signed_product(const float *x, const float *positive, const float *negative, float factor, float *target,
                        int64_t count);

/// `a·x + b·y`
///
/// Returns how often the summands cancel each other but for an eighth of their size, or are not numbers, where `mask` is
/// not zero (or is NULL).
int64_t lrp_weighted_sum(const float *x, const float *y, const float *mask, float a, float b, float *target,
                         int64_t count);
