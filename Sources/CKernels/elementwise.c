#include "elementwise.h"

#include <math.h>
#include <stddef.h>

#include "every_width.h"

#pragma STDC FP_CONTRACT OFF

// A target that is a source is read before it is written.
#define WIDE_LOOP _Pragma("clang loop vectorize(assume_safety)")

EVERY_WIDTH void lrp_quotient(const float *r, const float *z, float epsilon, float *target, int64_t count) {
  WIDE_LOOP for (int64_t i = 0; i < count; i++) target[i] = r[i] / (z[i] + (z[i] < 0 ? -epsilon : epsilon));
}

EVERY_WIDTH void lrp_product_quotient(const float *c, const float *x, const float *z, float factor, float epsilon,
                                      float *target, int64_t count) {
  WIDE_LOOP for (int64_t i = 0; i < count; i++) {
    target[i] = factor * c[i] * x[i] / (z[i] + (z[i] < 0 ? -epsilon : epsilon));
  }
}

EVERY_WIDTH void lrp_signed_product(const float *x, const float *positive, const float *negative, float factor,
                                    float *target, int64_t count) {
  WIDE_LOOP for (int64_t i = 0; i < count; i++) {
    const float up = positive[i], down = negative[i];
    target[i] = factor * x[i] * (x[i] < 0 ? down : up);
  }
}

EVERY_WIDTH int64_t lrp_weighted_sum(const float *x, const float *y, const float *mask, float a, float b,
                                     float *target, int64_t count) {
  int32_t found = 0;
  if (mask == NULL) {
    WIDE_LOOP for (int64_t i = 0; i < count; i++) {
      const float first = a * x[i], second = b * y[i], sum = first + second;
      target[i] = sum;
      found += !(fabsf(sum) >= (fabsf(first) + fabsf(second)) * 0.125f);
    }
  } else {
    WIDE_LOOP for (int64_t i = 0; i < count; i++) {
      const float first = a * x[i], second = b * y[i], sum = first + second;
      target[i] = sum;
      found += !(fabsf(sum) >= (fabsf(first) + fabsf(second)) * 0.125f) & (mask[i] != 0);
    }
  }
  return found;
}
