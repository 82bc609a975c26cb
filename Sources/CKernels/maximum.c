#include "maximum.h"

#include "every_width.h"

enum { block = 64 };

#define FOR_BLOCKS(width) \
  for (intptr_t first = 0; first < (width); first += block)
#define SIZE(width) ((width) - first < block ? (width) - first : block)

EVERY_WIDTH void lrp_maximum(const float *source, const intptr_t *offsets, intptr_t count, intptr_t channels,
                             float *target, intptr_t width) {
  FOR_BLOCKS(width) {
    const intptr_t size = SIZE(width);
    float best[block];
    const float *row = source + offsets[0] * channels + first;
    for (intptr_t c = 0; c < size; c++) best[c] = row[c];
    for (intptr_t k = 1; k < count; k++) {
      row = source + offsets[k] * channels + first;
      for (intptr_t c = 0; c < size; c++) best[c] = ((row[c] > best[c]) | (row[c] != row[c])) ? row[c] : best[c];
    }
    for (intptr_t c = 0; c < size; c++) target[first + c] = best[c];
  }
}

EVERY_WIDTH void lrp_award_maximum(const float *source, const intptr_t *offsets, intptr_t count, intptr_t channels,
                                   const float *relevance, float *target, intptr_t width, int adds) {
  FOR_BLOCKS(width) {
    const intptr_t size = SIZE(width);
    float best[block], amount[block];
    int32_t winner[block];
    const float *row = source + offsets[0] * channels + first;
    for (intptr_t c = 0; c < size; c++) best[c] = row[c], winner[c] = 0, amount[c] = relevance[first + c];
    for (intptr_t k = 1; k < count; k++) {
      row = source + offsets[k] * channels + first;
      for (intptr_t c = 0; c < size; c++) {
        const float value = row[c];
        const int wins = (value > best[c]) | (value != value);
        best[c] = wins ? value : best[c];
        winner[c] = wins ? (int32_t)k : winner[c];
      }
    }
    for (intptr_t k = 0; k < count; k++) {
      float *to = target + offsets[k] * channels + first;
      if (adds) {
        for (intptr_t c = 0; c < size; c++) to[c] += winner[c] == (int32_t)k ? amount[c] : 0;
      } else {
        for (intptr_t c = 0; c < size; c++) to[c] = winner[c] == (int32_t)k ? amount[c] : 0;
      }
    }
  }
}
