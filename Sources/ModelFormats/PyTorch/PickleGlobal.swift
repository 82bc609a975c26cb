/// What a pickle names. None of it is Python, and nothing is run: each is a case handled here. What a state dict
/// consists of is on the list below; anything else – NumPy's numbers, paths, a training script's own classes – is passed
/// over with all that belongs to it.
enum PickleGlobal: Sendable {
  /// A mapping: called with nothing, pairs or a mapping.
  case dictionary(String)
  case list
  /// `torch.Size`, `tuple`: a tuple of its argument's items.
  case tuple(String)
  case rebuildTensor(String)
  case rebuildParameter(String)
  /// A tensor of a class derived from `Tensor`, around one of the above.
  case rebuildSubclass(String)
  /// A storage's class, with the type of its elements.
  case storage(String, ElementType)
  /// A dtype that can be read.
  case type(String, ElementType)
  /// Something whose instances carry nothing that is needed: sets, devices, numbers of NumPy's, options.
  case inert(String)

  /// The global called `name` in `module`, or `nil` for what only a file has that means harm: functions that act on
  /// the machine. They would not be run here either, but whoever loads the file elsewhere should know.
  init?(module: String, name: String) {
    if let known = Self.table["\(module).\(name)"] {
      self = known
    } else if Self.dangerousModules.contains(String(module.prefix { $0 != "." }))
      || Self.dangerousFunctions.contains(name) && ["builtins", "__builtin__"].contains(module)
    {
      return nil
    } else {
      self = .inert("\(module).\(name)")
    }
  }

  private static let dangerousModules: Set = [
    "os", "posix", "nt", "subprocess", "sys", "shutil", "socket", "ctypes", "runpy", "importlib", "imp", "pty", "code",
    "commands", "webbrowser", "multiprocessing", "signal", "asyncio", "urllib", "requests", "http", "pip", "pdb",
    "timeit", "cProfile", "bdb", "platform",
  ]
  private static let dangerousFunctions: Set = [
    "eval", "exec", "execfile", "compile", "open", "__import__", "apply", "breakpoint", "input", "globals", "locals",
  ]

  /// Whether this names numbers of a kind that cannot be read: complex, quantized, of eight bits.
  static func isOtherType(module: String, name: String) -> Bool {
    guard module == "torch" || module.hasPrefix("torch.") else { return false }
    return name == "_rebuild_qtensor"
      || ["qint", "quint", "QInt", "QUInt", "float8", "float4", "Float8", "complex", "Complex"].contains {
        name.hasPrefix($0)
      }
  }

  var name: String {
    switch self {
    case .list: "list"
    case .dictionary(let name), .tuple(let name), .rebuildTensor(let name), .rebuildParameter(let name),
      .rebuildSubclass(let name), .storage(let name, _), .type(let name, _), .inert(let name):
      name
    }
  }

  private static let table: [String: PickleGlobal] = {
    var table: [String: PickleGlobal] = [:]
    for name in ["collections.OrderedDict", "collections.defaultdict", "collections.Counter"] {
      table[name] = .dictionary(name)
    }
    // Python 2's name of the module, then Python 3's.
    for module in ["__builtin__", "builtins"] {
      table["\(module).dict"] = .dictionary("dict")
      table["\(module).list"] = .list
      table["\(module).tuple"] = .tuple("tuple")
    }
    table["torch.Size"] = .tuple("torch.Size")
    for name in ["_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3"] {
      table["torch._utils.\(name)"] = .rebuildTensor(name)
    }
    for name in ["_rebuild_parameter", "_rebuild_parameter_with_state"] {
      table["torch._utils.\(name)"] = .rebuildParameter(name)
    }
    for name in ["_rebuild_from_type", "_rebuild_from_type_v2"] {
      table["torch._tensor.\(name)"] = .rebuildSubclass(name)
    }
    let storages: [(String, ElementType)] = [
      ("DoubleStorage", .float64), ("FloatStorage", .float32), ("HalfStorage", .float16),
      ("BFloat16Storage", .bfloat16), ("LongStorage", .int64), ("IntStorage", .int32), ("ShortStorage", .int16),
      ("CharStorage", .int8), ("ByteStorage", .uint8), ("BoolStorage", .boolean), ("UntypedStorage", .uint8),
    ]
    for (name, type) in storages {
      for module in ["torch", "torch.cuda", "torch.storage"] {
        table["\(module).\(name)"] = .storage("\(module).\(name)", type)
      }
    }
    let types: [(String, ElementType)] = [
      ("float64", .float64), ("float32", .float32), ("float16", .float16), ("bfloat16", .bfloat16), ("int64", .int64),
      ("int32", .int32), ("int16", .int16), ("int8", .int8), ("uint64", .uint64), ("uint32", .uint32),
      ("uint16", .uint16), ("uint8", .uint8), ("bool", .boolean), ("double", .float64), ("float", .float32),
      ("half", .float16), ("long", .int64), ("int", .int32), ("short", .int16),
    ]
    for (name, type) in types { table["torch.\(name)"] = .type("torch.\(name)", type) }
    return table
  }()
}
