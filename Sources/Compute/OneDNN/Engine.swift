import COneDNN
import Tensors

/// The one oneDNN engine (the CPU) of the process, with the attributes common to all primitives.
final class Engine: @unchecked Sendable {
  private static let result = Result { try Engine() }
  /// The engine, made on first use.
  static func shared() throws -> Engine { try result.get() }

  let handle: dnnl_engine_t
  /// Scratchpads come from the caller, so that primitives can run on several threads at once.
  let attributes: dnnl_primitive_attr_t

  private init() throws {
    var engine: dnnl_engine_t?
    try check(dnnl_engine_create(&engine, dnnl_cpu, 0), "starting the CPU engine")
    var attributes: dnnl_primitive_attr_t?
    try check(lrp_attributes_create(&attributes), "starting the CPU engine")
    guard let engine, let attributes else {
      throw ComputeError.engine(operation: "starting the CPU engine", status: "nothing")
    }
    handle = engine
    self.attributes = attributes
  }
}
