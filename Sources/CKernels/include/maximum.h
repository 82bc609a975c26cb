#pragma once
// Windows of max pooling, channels-last: all channels of a window at a time.
#include <stdint.h>

/// Writes the largest of the elements at `offsets`, in steps of `channels`, for `width` channels; NaN if there is one.
void lrp_maximum(const float *source, const intptr_t *offsets, intptr_t count, intptr_t channels, float *target,
                 intptr_t width);

/// Gives each element of `relevance` to the one that won its window: the first of equals, the last NaN. Adds it to what
/// is there, or writes it, and zero to those that lost.
void lrp_award_maximum(const float *source, const intptr_t *offsets, intptr_t count, intptr_t channels,
                       const float *relevance, float *target, intptr_t width, int adds);
