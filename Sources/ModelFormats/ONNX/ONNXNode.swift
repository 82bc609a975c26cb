import ONNXProto

/// One node with its attributes at hand.
struct ONNXNode {
  let proto: Onnx_NodeProto
  private let attributes: [String: Onnx_AttributeProto]

  init(_ proto: Onnx_NodeProto) {
    self.proto = proto
    attributes = Dictionary(proto.attribute.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
  }

  var operation: String { proto.opType }
  var inputs: [String] { proto.input }
  /// Outputs that have a name, so that something may read them.
  var outputs: [String] { proto.output.filter { !$0.isEmpty } }

  /// The node's name, or its output's.
  var name: String { proto.name.isEmpty ? proto.output.first ?? "" : proto.name }

  func has(_ name: String) -> Bool { attributes[name] != nil }
  func integer(_ name: String) -> Int? { attributes[name].map { Int($0.i) } }
  func float(_ name: String) -> Float? { attributes[name].map(\.f) }
  func text(_ name: String) -> String? { attributes[name].map { String(decoding: $0.s, as: UTF8.self) } }
  func integers(_ name: String) -> [Int]? { attributes[name].map { $0.ints.map { Int($0) } } }
  func floats(_ name: String) -> [Float]? { attributes[name].map(\.floats) }
  func texts(_ name: String) -> [String]? {
    attributes[name].map { $0.strings.map { String(decoding: $0, as: UTF8.self) } }
  }
  func tensor(_ name: String) -> Onnx_TensorProto? {
    attributes[name].flatMap { $0.hasT ? $0.t : nil }
  }
  func graph(_ name: String) -> Onnx_GraphProto? {
    attributes[name].flatMap { $0.hasG ? $0.g : nil }
  }
}
