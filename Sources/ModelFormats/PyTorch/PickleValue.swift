/// What a pickle can make here: plain data, tensors' descriptions, and things that are looked at no further.
enum PickleValue {
  /// Python's `None`.
  case nothing
  case boolean(Bool)
  case integer(Int)
  /// An integer beyond 64 bits: little-endian two's complement.
  case bigInteger([UInt8])
  case float(Double)
  case text(String)
  case tuple(PickleSequence)
  case list(PickleSequence)
  case dictionary(PickleDictionary)
  /// Something from the allow-list, not called yet.
  case global(PickleGlobal)
  indirect case storage(StorageReference)
  indirect case tensor(TensorView)
  /// An object of which only the type is known: bytes, sets, devices, NumPy's numbers, …
  case opaque(of: String)

  /// How deeply containers lie in this one.
  var depth: Int {
    switch self {
    case .tuple(let items), .list(let items): items.depth
    case .dictionary(let items): items.depth
    default: 0
    }
  }

  /// From now on this value is inside another and may not change: no cycles, no depth that was not counted.
  func seal() {
    switch self {
    case .list(let items), .tuple(let items): items.isSealed = true
    case .dictionary(let items): items.isSealed = true
    default: break
    }
  }

  /// In words, for messages.
  var word: String {
    switch self {
    case .nothing: "None"
    case .boolean: "a bool"
    case .integer, .bigInteger: "an int"
    case .float: "a float"
    case .text: "a str"
    case .tuple: "a tuple"
    case .list: "a list"
    case .dictionary: "a dict"
    case .global(let global): "the type \(global.name)"
    case .storage: "a storage"
    case .tensor: "a tensor"
    case .opaque(let type): "an object of the type '\(printable(type))'"
    }
  }
}

/// The items of a tuple or list; shared, as in Python.
final class PickleSequence {
  private(set) var items: [PickleValue]
  private(set) var depth: Int
  var isSealed = false

  init(_ items: [PickleValue] = []) {
    self.items = items
    depth = 1 + (items.lazy.map(\.depth).max() ?? 0)
    for item in items { item.seal() }
  }

  func append(_ new: ArraySlice<PickleValue>) {
    for item in new {
      item.seal()
      depth = max(depth, 1 + item.depth)
    }
    items.append(contentsOf: new)
  }
}

/// A dictionary in the order of insertion. Keys that are not texts are kept but not looked up.
final class PickleDictionary {
  private(set) var entries: [(key: PickleValue, value: PickleValue)] = []
  private var indices: [String: Int] = [:]
  private(set) var depth = 1
  var isSealed = false

  subscript(key: String) -> PickleValue? { indices[key].map { entries[$0].value } }

  func set(_ key: PickleValue, _ value: PickleValue) {
    key.seal()
    value.seal()
    depth = max(depth, 1 + max(key.depth, value.depth))
    if case .text(let name) = key {
      if let index = indices[name] {
        entries[index].value = value
        return
      }
      indices[name] = entries.count
    }
    entries.append((key, value))
  }
}

/// The bytes behind one or more tensors, which the pickle only names.
struct StorageReference {
  let key: String
  let type: ElementType
  /// Elements of `type`.
  let count: Int
  /// For parts of a storage (old files): offset in elements into the whole one, and its key in messages.
  let offset: Int
}

/// A window into a storage, with numpy's kind of strides.
struct TensorView {
  var storage: StorageReference
  /// The numbers' type; differs from the storage's where that is mere bytes.
  var type: ElementType
  /// First element, counted from the storage's beginning.
  var offset: Int
  var shape: [Int]
  /// Elements from one index to the next, for every axis.
  var strides: [Int]
}
