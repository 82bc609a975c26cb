#pragma once
// A convolution that skips the zeros of its input, for processors with AVX-512. In C, because Swift compiles a whole
// module for one instruction set and cannot name wider registers for a single function.
#include <stdint.h>

/// Input channels whose parameters lie together.
enum { lrp_sparse_channels = 32 };

/// What is run: one sample, channels-last, steps of 1. Padding is less than the kernel on each side.
typedef struct lrp_sparse_problem {
  int64_t height, width, channels;
  int64_t out_height, out_width, out_channels;
  int64_t kernel_height, kernel_width;
  int64_t top, left;
} lrp_sparse_problem;

/// Whether this processor can run ``lrp_sparse_rows``.
int lrp_sparse_supported(void);

/// The most vectors of 16 output channels that are made in one go for a kernel of this width; 0 if there is none.
int64_t lrp_sparse_vectors(int64_t kernel_width);

/// Writes rows `first_row..<last_row` of `16 * vectors` output channels from `first_channel` on.
///
/// - weights: of these output channels, in the order (kernel row, run of 32 input channels, input channel, kernel
///   column, output channel); the last run is filled up.
/// - bias: one number for each output channel of the whole result, or NULL.
///
/// An output is a sum of partial sums, one for each kernel row and run of input channels.
void lrp_sparse_rows(const lrp_sparse_problem *problem, const float *input, const float *weights, const float *bias,
                     float *output, int64_t first_channel, int64_t vectors, int64_t first_row, int64_t last_row);
