import COneDNN
import Synchronization
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
  private let scratchBytes: Int
  private let name: String
  /// What earlier executions were called with; as many as threads use this operation at once.
  private let idle = Mutex<[ArgumentList]>([])
  private static let mostIdle = 4

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
    scratchBytes = scratchpad.byteCount
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
    let scratch = scratchBytes > 0 ? Tensor(uninitialized: [(scratchBytes + 3) / 4]) : nil
    var arguments = arguments
    if let scratch {
      arguments.append(
        Argument(role: DNNL_ARG_SCRATCHPAD, layout: scratchpad, address: UnsafeRawPointer(scratch.unsafeAddress)))
    }
    var run = idle.withLock { $0.popLast() }
    if let known = run, try !known.take(arguments, name) { run = nil }
    let list = try run ?? ArgumentList(arguments, name)
    try check(dnnl_primitive_execute(handle, list.stream, Int32(list.packed.count), list.packed), name)
    try check(dnnl_stream_wait(list.stream), name)
    withExtendedLifetime(scratch) {}
    idle.withLock { if $0.count < Self.mostIdle { $0.append(list) } }
  }
}

/// The arguments of an execution as oneDNN wants them, used again by the next one: making them takes longer than a small
/// layer's work.
private final class ArgumentList: @unchecked Sendable {
  let stream: dnnl_stream_t
  private(set) var packed: [dnnl_exec_arg_t] = []
  private var known: [Primitive.Argument] = []

  init(_ arguments: [Primitive.Argument], _ name: String) throws {
    let engine = try Engine.shared()
    var stream: dnnl_stream_t?
    try check(dnnl_stream_create(&stream, engine.handle, UInt32(dnnl_stream_default_flags.rawValue)), name)
    guard let stream else { throw ComputeError.engine(operation: name, status: "nothing") }
    self.stream = stream
    known.reserveCapacity(arguments.count)
    packed.reserveCapacity(arguments.count)
    for argument in arguments {
      var memory: dnnl_memory_t?
      let address = UnsafeMutableRawPointer(mutating: argument.address)
      try check(lrp_memory_create(&memory, argument.layout.handle, engine.handle, address), name)
      guard let memory else { throw ComputeError.engine(operation: name, status: "nothing") }
      known.append(argument)
      packed.append(dnnl_exec_arg_t(arg: argument.role, memory: memory))
    }
  }

  deinit {
    for argument in packed { dnnl_memory_destroy(argument.memory) }
    dnnl_stream_destroy(stream)
  }

  /// Takes other addresses over. `false` if roles or layouts are others.
  func take(_ arguments: [Primitive.Argument], _ name: String) throws -> Bool {
    guard arguments.count == known.count,
      zip(arguments, known).allSatisfy({ $0.role == $1.role && $0.layout === $1.layout })
    else { return false }
    for index in arguments.indices where arguments[index].address != known[index].address {
      let address = arguments[index].address
      known[index].address = address
      try check(dnnl_memory_set_data_handle(packed[index].memory, UnsafeMutableRawPointer(mutating: address)), name)
    }
    return true
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
