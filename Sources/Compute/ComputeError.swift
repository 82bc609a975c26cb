import COneDNN
import Tensors

/// What can go wrong in an operation: shapes that do not fit, or a refusal of the library underneath.
public enum ComputeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// An argument has the wrong shape; `expected` says in words what would fit.
  case shape(operation: String, found: Shape, expected: String)
  /// A parameter of an operation is out of its domain (a stride of 0, say).
  case parameter(operation: String, name: String, found: String, expected: String)
  /// oneDNN refused.
  case engine(operation: String, status: String)

  public var description: String {
    switch self {
    case .shape(let operation, let found, let expected):
      "\(operation): found an array of shape \(found), expected \(expected)"
    case .parameter(let operation, let name, let found, let expected):
      "\(operation): \(name) is \(found), expected \(expected)"
    case .engine(let operation, let status):
      "\(operation): oneDNN reports \(status)"
    }
  }
}

/// Turns a oneDNN status into an error.
func check(_ status: dnnl_status_t, _ operation: @autoclosure () -> String) throws {
  guard status != dnnl_success else { return }
  let text =
    switch status {
    case dnnl_out_of_memory: "out of memory; use a smaller batch or picture"
    case dnnl_invalid_arguments: "invalid arguments"
    case dnnl_unimplemented: "that this case is not implemented"
    case dnnl_runtime_error: "a failure at run time"
    case dnnl_not_required: "that a result was not required"
    default: "status \(status.rawValue)"
    }
  throw ComputeError.engine(operation: operation(), status: text)
}
