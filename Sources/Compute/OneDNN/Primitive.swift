import COneDNN
import Tensors

/// A compiled oneDNN operation for fixed shapes; it may run on several threads at once.
final class Primitive: @unchecked Sendable {
  /// One argument of an execution: which, in what layout, where.
  struct Argument {
    var role: Int32
    var layout: ArrayLayout
    var address: UnsafeRawPointer
  }

  private let descriptor: dnnl_primitive_desc_t
  private let handle: dnnl_primitive_t
  private let scratchpad: ArrayLayout
  private let name: String

  /// Compiles what `make` describes; `name` is used in messages.
  init(_ name: String, _ make: (inout dnnl_primitive_desc_t?, Engine) -> dnnl_status_t) throws {
    self.name = name
    let engine = try Engine.shared()
    var descriptor: dnnl_primitive_desc_t?
    try check(make(&descriptor, engine), name)
    guard let descriptor else { throw ComputeError.engine(operation: name, status: "nothing") }
    var handle: dnnl_primitive_t?
    let status = dnnl_primitive_create(&handle, descriptor)
    let scratchpad = Result { try ArrayLayout(of: descriptor, dnnl_query_scratchpad_md) }
    guard status == dnnl_success, let handle, case .success(let scratchpad) = scratchpad else {
      if let handle { dnnl_primitive_destroy(handle) }
      dnnl_primitive_desc_destroy(descriptor)
      try check(status, name)
      throw ComputeError.engine(operation: name, status: "nothing")
    }
    self.descriptor = descriptor
    self.handle = handle
    self.scratchpad = scratchpad
  }

  deinit {
    dnnl_primitive_destroy(handle)
    dnnl_primitive_desc_destroy(descriptor)
  }

  /// The layout this operation wants for an argument that was described with a free one.
  func layout(of what: dnnl_query_t) throws -> ArrayLayout { try ArrayLayout(of: descriptor, what) }

  /// The kernel oneDNN picked, `brgconv:avx512_core` for example.
  var implementation: String {
    var text: UnsafePointer<CChar>?
    let status = withUnsafeMutablePointer(to: &text) {
      dnnl_primitive_desc_query(descriptor, dnnl_query_impl_info_str, 0, $0)
    }
    guard status == dnnl_success, let text else { return "unknown" }
    return String(cString: text)
  }

  /// Runs the operation and waits for it. Every address must stay valid meanwhile.
  func execute(_ arguments: [Argument]) throws {
    let engine = try Engine.shared()
    let bytes = scratchpad.byteCount
    let scratch = Tensor(uninitialized: [(bytes + 3) / 4])
    var arguments = arguments
    if bytes > 0 {
      arguments.append(
        Argument(role: DNNL_ARG_SCRATCHPAD, layout: scratchpad, address: UnsafeRawPointer(scratch.unsafeAddress)))
    }
    var memories: [dnnl_memory_t] = []
    memories.reserveCapacity(arguments.count)
    defer { for memory in memories { dnnl_memory_destroy(memory) } }
    var packed: [dnnl_exec_arg_t] = []
    packed.reserveCapacity(arguments.count)
    for argument in arguments {
      var memory: dnnl_memory_t?
      let address = UnsafeMutableRawPointer(mutating: argument.address)
      try check(lrp_memory_create(&memory, argument.layout.handle, engine.handle, address), name)
      guard let memory else { throw ComputeError.engine(operation: name, status: "nothing") }
      memories.append(memory)
      packed.append(dnnl_exec_arg_t(arg: argument.role, memory: memory))
    }
    var stream: dnnl_stream_t?
    try check(dnnl_stream_create(&stream, engine.handle, UInt32(dnnl_stream_default_flags.rawValue)), name)
    guard let stream else { throw ComputeError.engine(operation: name, status: "nothing") }
    defer { dnnl_stream_destroy(stream) }
    try check(dnnl_primitive_execute(handle, stream, Int32(packed.count), packed), name)
    try check(dnnl_stream_wait(stream), name)
    withExtendedLifetime(scratch) {}
  }
}

/// Parameters in the storage order a primitive asked for.
struct PackedWeights: Sendable {
  let layout: ArrayLayout
  let elements: Tensor
  /// Whether they stand in memory of their own.
  let isCopy: Bool

  /// Reorders `elements`, which are stored as `source` says; no copy where the order already agrees.
  init(_ elements: Tensor, from source: ArrayLayout, to layout: ArrayLayout) throws {
    self.layout = layout
    isCopy = source != layout
    guard isCopy else {
      self.elements = elements
      return
    }
    let packed = Tensor(uninitialized: [(layout.byteCount + 3) / 4])
    let reorder = try Primitive("reordering weights") { descriptor, engine in
      lrp_reorder(&descriptor, engine.handle, source.handle, layout.handle, engine.attributes)
    }
    try reorder.execute([
      .init(role: DNNL_ARG_FROM, layout: source, address: elements.unsafeAddress),
      .init(role: DNNL_ARG_TO, layout: layout, address: packed.unsafeAddress),
    ])
    withExtendedLifetime(elements) {}
    self.elements = packed
  }
}
