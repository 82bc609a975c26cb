#include "sparse_rows.h"

#include <stddef.h>

#if defined(__x86_64__)
#include <immintrin.h>

int lrp_sparse_supported(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") ? 1 : 0;
}

// Registers of 16 numbers: 12 (three columns of four) or 8 sums stay in them, of 32 that there are.
int64_t lrp_sparse_vectors(int64_t kernel_width) { return kernel_width == 3 ? 4 : kernel_width == 1 ? 8 : 0; }

#define WIDE __attribute__((target("avx512f")))
#define INLINED static inline __attribute__((always_inline)) WIDE
#define UNROLLED _Pragma("clang loop unroll(full)")

enum { run = lrp_sparse_channels };

/// Adds finished sums to an output position, or begins it with them and the bias.
INLINED void hand_over(float *output, const float *bias, const __m512 *sums, const int vectors, const int begins) {
  UNROLLED for (int v = 0; v < vectors; v++) {
    __m512 known = !begins ? _mm512_loadu_ps(output + 16 * v)
        : bias             ? _mm512_loadu_ps(bias + 16 * v)
                           : _mm512_setzero_ps();
    _mm512_storeu_ps(output + 16 * v, _mm512_add_ps(known, sums[v]));
  }
}

/// One row of the input with one row of the kernel, for up to 32 input channels.
///
/// An input position has a share in `columns` neighbouring outputs, whose sums move through the registers from position
/// to position. For every input that is not zero (or is NaN), all of its products are added up.
INLINED void add_row(const float *input, ptrdiff_t input_step, int64_t width, __mmask16 low, __mmask16 high,
                     const float *weights, const float *bias, float *output, ptrdiff_t output_step, int64_t out_width,
                     int64_t left, const char *ahead, ptrdiff_t ahead_step, const int columns, const int vectors,
                     const int begins) {
  __m512 sums[3][8];
  UNROLLED for (int t = 0; t < columns; t++) {
    UNROLLED for (int v = 0; v < vectors; v++) sums[t][v] = _mm512_setzero_ps();
  }
  for (int64_t x = 0; x < width; x++) {
    const float *position = input + x * input_step;
    const __m512 zero = _mm512_setzero_ps();
    for (ptrdiff_t i = 0; i < ahead_step; i += 64) _mm_prefetch(ahead + x * ahead_step + i, _MM_HINT_T0);
    uint32_t present = _mm512_cmp_ps_mask(_mm512_maskz_loadu_ps(low, position), zero, _CMP_NEQ_UQ);
    if (high) {
      present |= (uint32_t)_mm512_cmp_ps_mask(_mm512_maskz_loadu_ps(high, position + 16), zero, _CMP_NEQ_UQ) << 16;
    }
    while (present) {
      const uint32_t channel = (uint32_t)__builtin_ctz(present);
      present &= present - 1;
      const __m512 factor = _mm512_set1_ps(position[channel]);
      const float *row = weights + (size_t)channel * (size_t)(columns * vectors * 16);
      UNROLLED for (int t = 0; t < columns; t++) {
        UNROLLED for (int v = 0; v < vectors; v++) {
          sums[t][v] = _mm512_fmadd_ps(factor, _mm512_loadu_ps(row + (t * vectors + v) * 16), sums[t][v]);
        }
      }
    }
    // sums[t] belong to the output at x + left - t.
    const int64_t done = x + left - (columns - 1);
    if (done >= 0 && done < out_width) hand_over(output + done * output_step, bias, sums[columns - 1], vectors, begins);
    UNROLLED for (int t = columns - 1; t > 0; t--) {
      UNROLLED for (int v = 0; v < vectors; v++) sums[t][v] = sums[t - 1][v];
    }
    UNROLLED for (int v = 0; v < vectors; v++) sums[0][v] = _mm512_setzero_ps();
  }
  UNROLLED for (int t = columns - 1; t > 0; t--) {
    const int64_t done = width + left - t;
    if (done >= 0 && done < out_width) hand_over(output + done * output_step, bias, sums[t], vectors, begins);
  }
}

INLINED void add_rows(const lrp_sparse_problem *p, const float *input, const float *weights, const float *bias,
                      float *output, int64_t first_channel, int64_t first_row, int64_t last_row, const int columns,
                      const int vectors) {
  const int64_t runs = (p->channels + run - 1) / run;
  const ptrdiff_t block = (ptrdiff_t)run * columns * vectors * 16;
  // Bytes to fetch at each position, in whole lines.
  const ptrdiff_t ahead_step = ((block * 4 / 64 + p->width - 1) / p->width) * 64;
  if (bias) bias += first_channel;
  for (int64_t k = 0; k < p->kernel_height; k++) {
    for (int64_t r = 0; r < runs; r++) {
      const int64_t rest = p->channels - r * run;
      const __mmask16 low = rest >= 16 ? 0xffff : (__mmask16)((1u << rest) - 1);
      const __mmask16 high = rest >= 32 ? 0xffff : rest > 16 ? (__mmask16)((1u << (rest - 16)) - 1) : 0;
      const float *part = weights + (k * runs + r) * block;
      for (int64_t y = first_row; y < last_row; y++) {
        const int64_t row = y + k - p->top;
        if (row < 0 || row >= p->height) continue;
        const float *from = input + row * p->width * p->channels + r * run;
        float *to = output + y * p->out_width * p->out_channels + first_channel;
        // The first kernel row that meets the input.
        const int64_t begin = p->top > y ? p->top - y : 0;
        // The weights of the next run come while the last row is at work.
        const char *ahead = (const char *)(part + block);
        const ptrdiff_t step = y + 1 < last_row ? 0 : ahead_step;
        if (k == begin && r == 0) {
          add_row(from, p->channels, p->width, low, high, part, bias, to, p->out_channels, p->out_width, p->left, ahead,
                  step, columns, vectors, 1);
        } else {
          add_row(from, p->channels, p->width, low, high, part, NULL, to, p->out_channels, p->out_width, p->left, ahead,
                  step, columns, vectors, 0);
        }
      }
    }
  }
}

#define CASE(columns, vectors)                                                                                     \
  case columns * 16 + vectors:                                                                                     \
    add_rows(problem, input, weights, bias, output, first_channel, first_row, last_row, columns, vectors);          \
    break;

WIDE void lrp_sparse_rows(const lrp_sparse_problem *problem, const float *input, const float *weights,
                          const float *bias, float *output, int64_t first_channel, int64_t vectors, int64_t first_row,
                          int64_t last_row) {
  switch (problem->kernel_width * 16 + vectors) {
    CASE(1, 1) CASE(1, 2) CASE(1, 3) CASE(1, 4) CASE(1, 5) CASE(1, 6) CASE(1, 7) CASE(1, 8)
    CASE(3, 1) CASE(3, 2) CASE(3, 3) CASE(3, 4)
  }
}

#else

int lrp_sparse_supported(void) { return 0; }

int64_t lrp_sparse_vectors(int64_t kernel_width) { return 0; }

void lrp_sparse_rows(const lrp_sparse_problem *problem, const float *input, const float *weights, const float *bias,
                     float *output, int64_t first_channel, int64_t vectors, int64_t first_row, int64_t last_row) {}

#endif
