import Tensors

/// What the calls in a state dict's pickle amount to. Arguments are checked as closely as if an enemy had written them.
extension PickleInterpreter {
  /// The result of `function(*arguments)`.
  mutating func call(_ function: PickleValue, _ arguments: [PickleValue]) throws -> PickleValue {
    if case .opaque = function { return function }
    guard case .global(let global) = function else {
      throw wrong("a call of \(function.word)", "a call of something named", "do not trust this file")
    }
    switch global {
    case .dictionary: return .dictionary(try dictionary(arguments))
    case .list: return .list(PickleSequence(try items(arguments)))
    case .tuple: return .tuple(PickleSequence(try items(arguments)))
    case .rebuildTensor(let name): return .tensor(try tensor(arguments, isTyped: name.hasSuffix("v3")))
    case .rebuildParameter:
      guard let first = arguments.first, case .tensor = first else {
        throw wrong("a parameter made of \(arguments.first?.word ?? "nothing")", "a tensor")
      }
      return first
    case .rebuildSubclass(let name):
      guard arguments.count >= 3, case .global(let inner) = arguments[0], case .tuple(let items) = arguments[2] else {
        throw wrong("'\(name)' of other than a function, a type and arguments", "these")
      }
      switch inner {
      case .rebuildTensor, .rebuildParameter: return try call(arguments[0], items.items)
      default: return .opaque(of: inner.name)
      }
    case .inert(let name): return .opaque(of: name)
    case .storage, .type: throw wrong("a call of \(global.name)", "a mention of it", "do not trust this file")
    }
  }

  /// `OrderedDict()`, `OrderedDict([(key, value), …])`, `Counter({…})`, `defaultdict(factory)`.
  private mutating func dictionary(_ arguments: [PickleValue]) throws -> PickleDictionary {
    let result = PickleDictionary()
    switch arguments.last {
    case nil, .global, .nothing, .opaque: break
    case .dictionary(let other):
      for entry in other.entries { try set([entry.key, entry.value], in: result) }
    case .list(let pairs), .tuple(let pairs):
      for pair in pairs.items {
        switch pair {
        case .tuple(let pair) where pair.items.count == 2, .list(let pair) where pair.items.count == 2:
          try set(pair.items[...], in: result)
        default: throw wrong("a dict made of \(pair.word)", "pairs of key and value")
        }
      }
    case .some(let other): throw wrong("a dict made of \(other.word)", "pairs of key and value")
    }
    return result
  }

  private mutating func items(_ arguments: [PickleValue]) throws -> [PickleValue] {
    switch arguments.first {
    case nil: return []
    case .list(let items), .tuple(let items): return items.items
    case .some(let other): throw wrong("a sequence made of \(other.word)", "a list or tuple")
    }
  }

  // MARK: Tensors

  /// A persistent ID: `("storage", class, key, location, count)`, in old files with a part of a storage as well.
  private func persistentStorage(_ value: PickleValue) throws -> (StorageReference, whole: Int) {
    guard case .tuple(let tuple) = value else { throw wrong("a persistent ID that is \(value.word)", "a tuple") }
    let items = tuple.items
    guard items.count == 5 || items.count == 6, case .text("storage") = items[0],
      case .global(.storage(_, let type)) = items[1], case .text(let key) = items[2],
      case .integer(let count) = items[4]
    else {
      throw wrong(
        "a persistent ID that names no storage", "('storage', class, key, location, count)",
        "save model.state_dict() rather than the model itself")
    }
    guard count >= 0, !count.multipliedReportingOverflow(by: type.byteCount).overflow, key.utf8.count <= 256 else {
      throw wrong("a storage of \(count) elements", "a number that a file can hold")
    }
    guard items.count == 6, case .tuple(let part) = items[5] else {
      return (StorageReference(key: key, type: type, count: count, offset: 0), count)
    }
    guard part.items.count == 3, case .integer(let offset) = part.items[1], case .integer(let size) = part.items[2],
      offset >= 0, size >= 0, offset <= count, size <= count - offset
    else {
      throw wrong("a part of a storage that does not lie in it", "(key, offset, count) within \(count) elements")
    }
    return (StorageReference(key: key, type: type, count: size, offset: offset), count)
  }

  /// The storage that a persistent ID names.
  mutating func storage(_ value: PickleValue) throws -> PickleValue {
    let (storage, whole) = try persistentStorage(value)
    if let known = storages[storage.key] {
      guard known == (storage.type, whole) else {
        throw wrong(
          "storage '\(printable(storage.key))' of \(whole) \(storage.type.rawValue)",
          "\(known.count) \(known.type.rawValue) as before")
      }
    } else {
      storages[storage.key] = (storage.type, whole)
      try spend(128)
    }
    try spend(96)
    return .storage(storage)
  }

  /// `_rebuild_tensor(storage, offset, size, stride)`, v2 with more arguments that do not matter here, v3 with the
  /// type after those of v2.
  private func tensor(_ arguments: [PickleValue], isTyped: Bool) throws -> TensorView {
    guard arguments.count >= 4, case .storage(let storage) = arguments[0], case .integer(let offset) = arguments[1],
      let shape = integers(arguments[2]), let strides = integers(arguments[3])
    else {
      throw wrong("a tensor of other than storage, offset, shape and strides", "these")
    }
    var type = storage.type
    if isTyped {
      guard arguments.count >= 7, case .global(.type(_, let stated)) = arguments[6] else {
        throw wrong("a tensor of unknown type", "one of \(ElementType.allCases.map(\.rawValue))")
      }
      type = stated
    }
    let available = storage.count * storage.type.byteCount / type.byteCount
    let view = TensorView(storage: storage, type: type, offset: offset, shape: shape, strides: strides)
    guard offset >= 0, shape.count == strides.count, strides.allSatisfy({ $0 >= 0 }),
      Shape(checking: shape) != nil, let end = view.end, end <= available
    else {
      throw wrong(
        "a tensor of shape \(shape) with strides \(strides) from element \(offset)",
        "one inside its storage of \(available) elements")
    }
    return view
  }

  /// A short tuple of integers.
  private func integers(_ value: PickleValue) -> [Int]? {
    guard case .tuple(let tuple) = value, tuple.items.count <= 64 else { return nil }
    var result: [Int] = []
    for item in tuple.items {
      guard case .integer(let number) = item else { return nil }
      result.append(number)
    }
    return result
  }
}

extension TensorView {
  /// One past the last element in the storage; 0 for an empty tensor, `nil` if the number overflows.
  var end: Int? {
    if shape.contains(0) { return 0 }
    var last = offset
    for (extent, stride) in zip(shape, strides) {
      let (distance, overflows) = (extent - 1).multipliedReportingOverflow(by: stride)
      let (sum, overflowsToo) = last.addingReportingOverflow(distance)
      guard !overflows, !overflowsToo else { return nil }
      last = sum
    }
    let (end, overflows) = last.addingReportingOverflow(1)
    return overflows ? nil : end
  }
}
