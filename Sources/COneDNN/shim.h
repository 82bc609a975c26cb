#pragma once
// oneDNN with one face for its v2 API (operation descriptors, memory descriptors as structs) and its v3 API
// (neither). Everything that differs between the two is in this file; all data is float32.
#include <dnnl.h>
#include <stdlib.h>

/// A memory descriptor: extents and storage order of an array.
typedef struct lrp_layout {
  dnnl_memory_desc_t descriptor;
} lrp_layout;

#if DNNL_VERSION_MAJOR >= 3
#define LRP_DESCRIPTOR(layout) ((layout) ? (layout)->descriptor : NULL)
#else
#define LRP_DESCRIPTOR(layout) ((layout) ? &(layout)->descriptor : NULL)
#endif

/// `strides` in elements; NULL lets the primitive choose the storage order (`any`).
static inline dnnl_status_t lrp_layout_create(lrp_layout **out, int rank, const int64_t *extents,
                                              const int64_t *strides) {
  lrp_layout *layout = (lrp_layout *)calloc(1, sizeof(lrp_layout));
  if (!layout) return dnnl_out_of_memory;
  dnnl_status_t status;
#if DNNL_VERSION_MAJOR >= 3
  status = strides
      ? dnnl_memory_desc_create_with_strides(&layout->descriptor, rank, extents, dnnl_f32, strides)
      : dnnl_memory_desc_create_with_tag(&layout->descriptor, rank, extents, dnnl_f32, dnnl_format_tag_any);
#else
  status = strides
      ? dnnl_memory_desc_init_by_strides(&layout->descriptor, rank, extents, dnnl_f32, strides)
      : dnnl_memory_desc_init_by_tag(&layout->descriptor, rank, extents, dnnl_f32, dnnl_format_tag_any);
#endif
  if (status != dnnl_success) {
    free(layout);
    return status;
  }
  *out = layout;
  return status;
}

static inline void lrp_layout_destroy(lrp_layout *layout) {
#if DNNL_VERSION_MAJOR >= 3
  if (layout) dnnl_memory_desc_destroy(layout->descriptor);
#endif
  free(layout);
}

static inline size_t lrp_layout_size(const lrp_layout *layout) {
  return dnnl_memory_desc_get_size(LRP_DESCRIPTOR(layout));
}

static inline int lrp_layout_equal(const lrp_layout *left, const lrp_layout *right) {
  return dnnl_memory_desc_equal(LRP_DESCRIPTOR(left), LRP_DESCRIPTOR(right));
}

/// A copy of the layout that a primitive descriptor settled on for one of its arguments.
static inline dnnl_status_t lrp_layout_query(lrp_layout **out, const_dnnl_primitive_desc_t primitive,
                                             dnnl_query_t what) {
  lrp_layout *layout = (lrp_layout *)calloc(1, sizeof(lrp_layout));
  if (!layout) return dnnl_out_of_memory;
#if DNNL_VERSION_MAJOR >= 3
  const_dnnl_memory_desc_t found = dnnl_primitive_desc_query_md(primitive, what, 0);
  dnnl_status_t status = found ? dnnl_memory_desc_clone(&layout->descriptor, found) : dnnl_invalid_arguments;
#else
  const dnnl_memory_desc_t *found = dnnl_primitive_desc_query_md(primitive, what, 0);
  dnnl_status_t status = found ? dnnl_success : dnnl_invalid_arguments;
  if (found) layout->descriptor = *found;
#endif
  if (status != dnnl_success) {
    free(layout);
    return status;
  }
  *out = layout;
  return status;
}

static inline dnnl_status_t lrp_memory_create(dnnl_memory_t *out, const lrp_layout *layout, dnnl_engine_t engine,
                                              void *data) {
  return dnnl_memory_create(out, LRP_DESCRIPTOR(layout), engine, data);
}

/// Attributes of every primitive here: the caller brings the scratchpad.
static inline dnnl_status_t lrp_attributes_create(dnnl_primitive_attr_t *out) {
  dnnl_status_t status = dnnl_primitive_attr_create(out);
  if (status != dnnl_success) return status;
  return dnnl_primitive_attr_set_scratchpad_mode(*out, dnnl_scratchpad_mode_user);
}

/// `dilations` are 0 for dense kernels, as oneDNN counts them; `bias` may be NULL.
static inline dnnl_status_t lrp_convolution_forward(dnnl_primitive_desc_t *out, dnnl_engine_t engine,
    const lrp_layout *source, const lrp_layout *weights, const lrp_layout *bias, const lrp_layout *target,
    const int64_t *strides, const int64_t *dilations, const int64_t *begin, const int64_t *end,
    const_dnnl_primitive_attr_t attributes) {
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_convolution_forward_primitive_desc_create(out, engine, dnnl_forward_inference, dnnl_convolution_direct,
      LRP_DESCRIPTOR(source), LRP_DESCRIPTOR(weights), LRP_DESCRIPTOR(bias), LRP_DESCRIPTOR(target), strides,
      dilations, begin, end, attributes);
#else
  dnnl_convolution_desc_t operation;
  dnnl_status_t status = dnnl_dilated_convolution_forward_desc_init(&operation, dnnl_forward_inference,
      dnnl_convolution_direct, LRP_DESCRIPTOR(source), LRP_DESCRIPTOR(weights), LRP_DESCRIPTOR(bias),
      LRP_DESCRIPTOR(target), strides, dilations, begin, end);
  return status == dnnl_success ? dnnl_primitive_desc_create(out, &operation, attributes, engine, NULL) : status;
#endif
}

static inline dnnl_status_t lrp_convolution_backward_data(dnnl_primitive_desc_t *out, dnnl_engine_t engine,
    const lrp_layout *source, const lrp_layout *weights, const lrp_layout *target, const int64_t *strides,
    const int64_t *dilations, const int64_t *begin, const int64_t *end, const_dnnl_primitive_attr_t attributes) {
#if DNNL_VERSION_MAJOR >= 3
  dnnl_primitive_desc_t hint;
  dnnl_status_t status = dnnl_convolution_forward_primitive_desc_create(&hint, engine, dnnl_forward_training,
      dnnl_convolution_direct, LRP_DESCRIPTOR(source), LRP_DESCRIPTOR(weights), NULL, LRP_DESCRIPTOR(target), strides,
      dilations, begin, end, attributes);
  if (status != dnnl_success) return status;
  status = dnnl_convolution_backward_data_primitive_desc_create(out, engine, dnnl_convolution_direct,
      LRP_DESCRIPTOR(source), LRP_DESCRIPTOR(weights), LRP_DESCRIPTOR(target), strides, dilations, begin, end, hint,
      attributes);
  dnnl_primitive_desc_destroy(hint);
  return status;
#else
  dnnl_convolution_desc_t operation;
  dnnl_status_t status = dnnl_dilated_convolution_backward_data_desc_init(&operation, dnnl_convolution_direct,
      LRP_DESCRIPTOR(source), LRP_DESCRIPTOR(weights), LRP_DESCRIPTOR(target), strides, dilations, begin, end);
  return status == dnnl_success ? dnnl_primitive_desc_create(out, &operation, attributes, engine, NULL) : status;
#endif
}

static inline dnnl_status_t lrp_convolution_backward_weights(dnnl_primitive_desc_t *out, dnnl_engine_t engine,
    const lrp_layout *source, const lrp_layout *weights, const lrp_layout *target, const int64_t *strides,
    const int64_t *dilations, const int64_t *begin, const int64_t *end, const_dnnl_primitive_attr_t attributes) {
#if DNNL_VERSION_MAJOR >= 3
  dnnl_primitive_desc_t hint;
  dnnl_status_t status = dnnl_convolution_forward_primitive_desc_create(&hint, engine, dnnl_forward_training,
      dnnl_convolution_direct, LRP_DESCRIPTOR(source), LRP_DESCRIPTOR(weights), NULL, LRP_DESCRIPTOR(target), strides,
      dilations, begin, end, attributes);
  if (status != dnnl_success) return status;
  status = dnnl_convolution_backward_weights_primitive_desc_create(out, engine, dnnl_convolution_direct,
      LRP_DESCRIPTOR(source), LRP_DESCRIPTOR(weights), NULL, LRP_DESCRIPTOR(target), strides, dilations, begin, end,
      hint, attributes);
  dnnl_primitive_desc_destroy(hint);
  return status;
#else
  dnnl_convolution_desc_t operation;
  dnnl_status_t status = dnnl_dilated_convolution_backward_weights_desc_init(&operation, dnnl_convolution_direct,
      LRP_DESCRIPTOR(source), LRP_DESCRIPTOR(weights), NULL, LRP_DESCRIPTOR(target), strides, dilations, begin, end);
  return status == dnnl_success ? dnnl_primitive_desc_create(out, &operation, attributes, engine, NULL) : status;
#endif
}

static inline dnnl_status_t lrp_inner_product_forward(dnnl_primitive_desc_t *out, dnnl_engine_t engine,
    const lrp_layout *source, const lrp_layout *weights, const lrp_layout *bias, const lrp_layout *target,
    const_dnnl_primitive_attr_t attributes) {
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_inner_product_forward_primitive_desc_create(out, engine, dnnl_forward_inference, LRP_DESCRIPTOR(source),
      LRP_DESCRIPTOR(weights), LRP_DESCRIPTOR(bias), LRP_DESCRIPTOR(target), attributes);
#else
  dnnl_inner_product_desc_t operation;
  dnnl_status_t status = dnnl_inner_product_forward_desc_init(&operation, dnnl_forward_inference,
      LRP_DESCRIPTOR(source), LRP_DESCRIPTOR(weights), LRP_DESCRIPTOR(bias), LRP_DESCRIPTOR(target));
  return status == dnnl_success ? dnnl_primitive_desc_create(out, &operation, attributes, engine, NULL) : status;
#endif
}

/// `target = source · weights + bias`; `weights` is (K, N), `bias` is (1, N) or NULL.
static inline dnnl_status_t lrp_matrix_product(dnnl_primitive_desc_t *out, dnnl_engine_t engine,
    const lrp_layout *source, const lrp_layout *weights, const lrp_layout *bias, const lrp_layout *target,
    const_dnnl_primitive_attr_t attributes) {
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_matmul_primitive_desc_create(out, engine, LRP_DESCRIPTOR(source), LRP_DESCRIPTOR(weights),
      LRP_DESCRIPTOR(bias), LRP_DESCRIPTOR(target), attributes);
#else
  dnnl_matmul_desc_t operation;
  dnnl_status_t status = dnnl_matmul_desc_init(&operation, LRP_DESCRIPTOR(source), LRP_DESCRIPTOR(weights),
      LRP_DESCRIPTOR(bias), LRP_DESCRIPTOR(target));
  return status == dnnl_success ? dnnl_primitive_desc_create(out, &operation, attributes, engine, NULL) : status;
#endif
}

/// A copy of an array in another storage order.
static inline dnnl_status_t lrp_reorder(dnnl_primitive_desc_t *out, dnnl_engine_t engine, const lrp_layout *source,
    const lrp_layout *target, const_dnnl_primitive_attr_t attributes) {
  return dnnl_reorder_primitive_desc_create(out, LRP_DESCRIPTOR(source), engine, LRP_DESCRIPTOR(target), engine,
      attributes);
}
