import ONNXProto

/// Recovers module paths from what exporters write.
///
/// - An initializer keeps its parameter's name: `layer1.0.conv1.weight` belongs to `layer1.0.conv1`.
/// - torch's older exporter names nodes by scope: `/layer1/layer1.0/relu/Relu` is `layer1.0.relu`, and
///   `/layer1/layer1.0/Add` a plain addition in `layer1.0`.
/// - The newer one puts scopes into the node's metadata: `['', 'layer1', 'layer1.0', 'layer1.0.relu', 'relu_1']`.
/// - Other programs' nodes have a name, or at least that of their output.
enum ONNXNames {
  /// A path for the node, without control characters, never empty.
  static func path(of node: Onnx_NodeProto, functional: Bool) -> String {
    let path = parameterPath(of: node) ?? scopePath(of: node, functional) ?? slashPath(of: node, functional)
    if let path, !path.isEmpty { return printable(path) }
    let name = node.name.isEmpty ? node.output.first ?? "" : node.name
    return printable(name.isEmpty ? node.opType : name)
  }

  /// The path of the module that the node belongs to, if the exporter tells.
  static func module(of node: Onnx_NodeProto) -> String? {
    let path = parameterPath(of: node) ?? scopes(of: node).map { $0[$0.count - 2] } ?? slashModule(of: node)
    return path.flatMap { $0.isEmpty ? nil : printable($0) }
  }

  private static func parameterPath(of node: Onnx_NodeProto) -> String? {
    guard ["Conv", "ConvTranspose", "Gemm", "MatMul", "BatchNormalization", "PRelu"].contains(node.opType) else {
      return nil
    }
    for input in node.input.dropFirst() where input.hasSuffix(".weight") && !input.contains("/") && !input.contains(":")
    {
      return String(input.dropLast(".weight".count))
    }
    return nil
  }

  /// Paths of the modules from the outermost one to the node's own, then the operation; at least two.
  private static func scopes(of node: Onnx_NodeProto) -> [String]? {
    guard let text = node.metadataProps.first(where: { $0.key == "pkg.torch.onnx.name_scopes" })?.value,
      text.hasPrefix("["), text.hasSuffix("]")
    else {
      return nil
    }
    let scopes = text.dropFirst().dropLast().split(separator: ",").map { part in
      String(part.filter { $0 != "'" && $0 != "\"" && $0 != " " })
    }
    return scopes.count >= 2 ? scopes : nil
  }

  private static func scopePath(of node: Onnx_NodeProto, _ functional: Bool) -> String? {
    // The last is the operation, the one before it the module that ran it.
    guard let scopes = scopes(of: node), let operation = scopes.last else { return nil }
    let module = scopes[scopes.count - 2]
    if !functional, !module.isEmpty { return module }
    let word = stem(operation)
    return module.isEmpty ? word : module + "." + word
  }

  private static func slashModule(of node: Onnx_NodeProto) -> String? {
    guard node.name.hasPrefix("/") else { return nil }
    let modules = node.name.split(separator: "/").map(String.init).dropLast()
    // `features`, `features.1`, `block`, `block.0`: a part repeats the one before it, or begins anew below it.
    var segments: [String] = []
    for part in modules {
      if let last = segments.last, part.hasPrefix(last + ".") { segments.removeLast() }
      segments.append(part)
    }
    return segments.joined(separator: ".")
  }

  private static func slashPath(of node: Onnx_NodeProto, _ functional: Bool) -> String? {
    guard let module = slashModule(of: node), let operation = node.name.split(separator: "/").last else { return nil }
    if !functional, !module.isEmpty { return module }
    let word = stem(operation.lowercased())
    return module.isEmpty ? word : module + "." + word
  }

  /// `relu_1` without the number that exporters add.
  static func stem(_ word: String) -> String {
    guard let underscore = word.lastIndex(of: "_"), underscore != word.startIndex,
      !word[word.index(after: underscore)...].isEmpty, word[word.index(after: underscore)...].allSatisfy(\.isNumber)
    else {
      return word
    }
    return String(word[..<underscore])
  }
}
